package assessment

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Scene is a place in a Scenario where something has to be decided.
type Scene struct {
	Text    string
	Choices []Choice
}

// Choice is one way on from a scene.
type Choice struct {
	Text   string
	Then   string // what comes of it
	Points int    // from 0 to 100
	Next   int    // the scene that follows, from 1; 0 is the end
}

// Bounds of a scenario.
const (
	MaxScenes  = 20
	minChoices = 2
	maxChoices = 6
	mostPoints = 100
)

// scenes refuses, besides what is wrong with a scene alone, ways that lead back,
// scenes that no way leads to, and scenarios in which nothing can be got. Every way
// ends then, for each goes on to a scene that is none of those before.
func (k *checker) scenes(scenes []Scene) []Scene {
	k.Refuse(len(scenes) == 0, "scenes", "too_few")
	k.Refuse(len(scenes) > MaxScenes, "scenes", "too_many")
	kept := make([]Scene, min(len(scenes), MaxScenes))
	strays := false
	for i := range kept {
		kept[i] = k.scene(fmt.Sprintf("scenes[%d]", i), scenes[i])
		for j, c := range kept[i].Choices {
			stray := c.Next < 0 || c.Next > len(kept)
			k.Refuse(stray, fmt.Sprintf("scenes[%d].choices[%d].next", i, j), "unknown")
			strays = strays || stray
		}
	}
	if len(kept) > 0 && !strays {
		k.ways(kept)
		k.Refuse(reachable(kept)[0] == 0, "scenes", "no_points")
	}
	return kept
}

func (k *checker) scene(path string, s Scene) Scene {
	k.Lines(path+".text", &s.Text, maxText)
	k.Refuse(s.Text == "", path+".text", "required")
	k.Refuse(len(s.Choices) < minChoices, path+".choices", "too_few")
	k.Refuse(len(s.Choices) > maxChoices, path+".choices", "too_many")
	s.Choices = slices.Clone(s.Choices[:min(len(s.Choices), maxChoices)])
	seen := map[string]bool{}
	for j := range s.Choices {
		c, at := &s.Choices[j], fmt.Sprintf("%s.choices[%d]", path, j)
		k.Text(at+".text", &c.Text, maxOption)
		k.Refuse(c.Text == "", at+".text", "required")
		k.Refuse(seen[c.Text], at+".text", "twice")
		seen[c.Text] = true
		k.Lines(at+".then", &c.Then, maxOption)
		k.Refuse(c.Then == "", at+".then", "required")
		k.Refuse(c.Points < 0 || c.Points > mostPoints, at+".points", "range")
	}
	return s
}

// ways goes every way from the first scene on.
func (k *checker) ways(scenes []Scene) {
	const under, done = 1, 2 // way: on it, and all behind it gone
	state := make([]int, len(scenes))
	var visit func(int)
	visit = func(i int) {
		state[i] = under
		for j, c := range scenes[i].Choices {
			switch {
			case c.Next == 0:
			case state[c.Next-1] == under:
				k.Refuse(true, fmt.Sprintf("scenes[%d].choices[%d].next", i, j), "cycle")
			case state[c.Next-1] == 0:
				visit(c.Next - 1)
			}
		}
		state[i] = done
	}
	visit(0)
	for i, s := range state {
		k.Refuse(s == 0, fmt.Sprintf("scenes[%d]", i), "unreachable")
	}
}

// reachable is the most points that can be got from each scene on: a sum along the
// ways, settled after as many rounds as there are scenes.
func reachable(scenes []Scene) []int {
	most := make([]int, len(scenes))
	for range scenes {
		for i := len(scenes) - 1; i >= 0; i-- {
			for _, c := range scenes[i].Choices {
				most[i] = max(most[i], c.worth(most))
			}
		}
	}
	return most
}

// worth is the choice's points and the most that can be got behind it.
func (c Choice) worth(most []int) int {
	if c.Next == 0 {
		return c.Points
	}
	return c.Points + most[c.Next-1]
}

// arrangeScenes is which choice of its scene stands at each position, scene by
// scene.
func (q Question) arrangeScenes(shuffle bool, random *rand.Rand) []int {
	var order []int
	for _, s := range q.Scenes {
		block := straight(len(s.Choices))
		if shuffle {
			random.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
		}
		order = append(order, block...)
	}
	return order
}

// orderOf is the part of an order that is a scene's.
func (q Question) orderOf(order []int, scene int) []int {
	first := 0
	for _, s := range q.Scenes[:scene] {
		first += len(s.Choices)
	}
	return order[first : first+len(q.Scenes[scene].Choices)]
}

// ScenesIn is the scenes with their choices as an order has them.
func (q Question) ScenesIn(order []int) []Scene {
	shown := make([]Scene, len(q.Scenes))
	for i, s := range q.Scenes {
		shown[i].Text = s.Text
		for _, choice := range q.orderOf(order, i) {
			shown[i].Choices = append(shown[i].Choices, s.Choices[choice])
		}
	}
	return shown
}

// path is the choices that an answer takes, from the first scene to the end or to
// where it says nothing more.
func (q Question) path(order []int, a Answer) []Choice {
	var taken []Choice
	at := 1
	for _, position := range a.Chosen {
		if at == 0 || position < 0 || position >= len(q.Scenes[at-1].Choices) {
			break
		}
		c := q.Scenes[at-1].Choices[q.orderOf(order, at-1)[position]]
		taken, at = append(taken, c), c.Next
	}
	return taken
}

func (q Question) scoreScenario(order []int, a Answer) int {
	got := 0
	for _, c := range q.path(order, a) {
		got += c.Points
	}
	return share(got, reachable(q.Scenes)[0])
}

// bestPath is the positions of a path that has the most points.
func (q Question) bestPath(order []int) []int {
	most := reachable(q.Scenes)
	var path []int
	for at := 1; at != 0; {
		choices, block := q.Scenes[at-1].Choices, q.orderOf(order, at-1)
		position := slices.IndexFunc(block, func(choice int) bool { return choices[choice].worth(most) == most[at-1] })
		path, at = append(path, position), choices[block[position]].Next
	}
	return path
}
