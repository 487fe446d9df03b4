package handlers

import (
	"haidang/courses"
	"haidang/courses/catalog"
)

// Paper says which questions a quiz asks, and how.
type Paper struct {
	Bank     courses.UnitID   `json:"bank" minLength:"1" maxLength:"40" doc:"The organisation whose questions it asks"`
	Fixed    []courses.ItemID `json:"fixed,omitempty" maxItems:"200" nullable:"false" doc:"Questions that everybody gets"`
	Draws    []Draw           `json:"draws,omitempty" maxItems:"50" nullable:"false" doc:"Questions that are drawn when somebody begins"`
	Shuffle  bool             `json:"shuffle" doc:"The order of questions and of what may be chosen"`
	PassBp   int              `json:"passBp,omitempty" minimum:"0" maximum:"10000" doc:"Basis points that pass; 0 means 5000"`
	Attempts int              `json:"attempts,omitempty" minimum:"0" maximum:"100" doc:"0 is any number"`
	Minutes  int              `json:"minutes,omitempty" minimum:"0" maximum:"1440" doc:"From the start on; 0 is no limit"`
	Feedback string           `json:"feedback,omitempty" enum:"right,marks,score" doc:"After handing in: what is right, which of one's answers were, or only the score; marks if absent"`

	Excuses      []courses.LessonID `json:"excuses,omitempty" maxItems:"300" nullable:"false" doc:"Lessons that whoever passes need not learn; a quiz that has some is a pre-test, which the course does not ask for"`
	SecondMarker bool               `json:"secondMarker,omitempty" doc:"Essays are marked by two people"`
	Anonymous    bool               `json:"anonymous,omitempty" doc:"Who marks essays does not learn whose they are"`
}

// Draw is a number of questions of a topic and a difficulty.
type Draw struct {
	Topic      string `json:"topic,omitempty" maxLength:"100" doc:"Absent: any"`
	Difficulty string `json:"difficulty,omitempty" enum:"easy,medium,hard" doc:"Absent: any"`
	Count      int    `json:"count" minimum:"1" maximum:"200"`

	Lesson courses.LessonID `json:"lesson,omitempty" maxLength:"36" doc:"The lesson that teaches it, where whoever answers wrongly is sent"`
}

func paperView(l catalog.Lesson) *Paper {
	if l.Kind != catalog.Quiz {
		return nil
	}
	p := l.Paper
	return &Paper{
		Bank: p.Bank, Fixed: p.Fixed, Draws: each(p.Draws, func(d catalog.Draw) Draw { return Draw(d) }), Shuffle: p.Shuffle,
		PassBp: p.PassBp, Attempts: p.Attempts, Minutes: p.Minutes, Feedback: string(p.Feedback),
		Excuses: p.Excuses, SecondMarker: p.SecondMarker, Anonymous: p.Anonymous,
	}
}

func (p *Paper) domain() catalog.Paper {
	if p == nil {
		return catalog.Paper{}
	}
	return catalog.Paper{
		Bank: p.Bank, Fixed: p.Fixed, Draws: each(p.Draws, func(d Draw) catalog.Draw { return catalog.Draw(d) }), Shuffle: p.Shuffle,
		PassBp: p.PassBp, Attempts: p.Attempts, Minutes: p.Minutes, Feedback: catalog.Feedback(p.Feedback),
		Excuses: p.Excuses, SecondMarker: p.SecondMarker, Anonymous: p.Anonymous,
	}
}
