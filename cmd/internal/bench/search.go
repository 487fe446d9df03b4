package bench

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses/vietnamese"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"
)

// libraryLessons is how many lessons are searched.
const libraryLessons = 2000

// searchTail is how long one in twenty searches may take at the most.
const searchTail = 50 * time.Millisecond

// find measures looking for words in everything that a large library says. It has
// a database and a server of its own: what they hold would change every other figure.
func (w *world) find(ctx context.Context) (rows []*Row, err error) {
	own := *w.stores
	own.config.MongoName = "haidang_library"
	if err := w.client.Database(own.config.MongoName).Drop(ctx); err != nil { // of a run that was cut off
		return nil, err
	}
	a, err := app.Open(ctx, own.config, app.Options{})
	if err != nil {
		return nil, err
	}
	defer func() {
		if drop := a.DB.Drop(context.WithoutCancel(ctx)); err == nil {
			err = drop
		}
		_ = a.Close(context.WithoutCancel(ctx))
	}()
	if err := demo.Seed(ctx, a, demo.Size{People: 100, Seed: w.o.Size.Seed}, func(string) {}); err != nil {
		return nil, err
	}
	before, err := w.librarian(ctx, &own, "129", func(*user, int) error { return nil })
	if err != nil {
		return nil, err
	}
	made, err := demo.FillLibrary(ctx, a, libraryLessons)
	if err != nil {
		return nil, err
	}
	work := fmt.Sprintf("search of %s lessons and %.2g MB of transcripts", count(libraryLessons), float64(made.Spoken)/1e6)
	after, err := w.librarian(ctx, &own, made.Titles[len(made.Titles)-1], func(u *user, pid int) error {
		figure, err := w.look(ctx, u, pid, made)
		rows = append(rows, rates(work, figure, Figure{}, 1).mostWithin(searchTail))
		return err
	})
	rows = append(rows,
		quantity("the same: server memory at rest", "MiB", mebibytes(after)),
		quantity("the same: above that without the library", "MiB", mebibytes(after-before)))
	return rows, err
}

// librarian starts a server, gives its memory once it finds the words and rests, and
// then has it used by somebody.
func (w *world) librarian(ctx context.Context, own *stores, words string, use func(u *user, pid int) error) (memory int64, err error) {
	s, err := startServer(ctx, w.o.Program, own)
	if err != nil {
		return 0, err
	}
	defer s.stop()
	u, err := signIn(s.host, "hocvien")
	if err != nil {
		return 0, err
	}
	for found := false; !found; { // it reads what lessons say in the background
		var view struct {
			Groups []struct {
				Hits []struct{ Lesson string }
			}
		}
		if err := u.read("/api/search?sort=lesson&q="+url.QueryEscape(words), &view); err != nil {
			return 0, err
		}
		found = len(view.Groups[0].Hits) > 0
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(rest):
		}
	}
	if memory, err = resident(s.PID(), residentNow); err != nil {
		return 0, err
	}
	return memory, use(u, s.PID())
}

// look has clients search at the same time.
func (w *world) look(ctx context.Context, u *user, pid int, made demo.Library) (Figure, error) {
	clients := u.copies(readers)
	random := make([]*rand.Rand, readers)
	for i := range random {
		random[i] = rand.New(rand.NewPCG(w.o.Size.Seed, uint64(i)))
	}
	var all sample
	err := w.alone(ctx, &all, readers, w.o.While, func(_ context.Context, client int) error {
		_, err := clients[client].get("/api/search?q=" + url.QueryEscape(sought(random[client], made)))
		return err
	}, pid)
	return all.figure(), err
}

func one(random *rand.Rand, list []string) string { return list[random.IntN(len(list))] }

// sought is what somebody types: words of a title, what was heard, the same misspelt,
// not to its end or with marks, or the number of a document.
func sought(random *rand.Rand, made demo.Library) string {
	heard := strings.Fields(vietnamese.SearchKey(one(random, made.Phrases)))
	switch random.IntN(6) {
	case 0:
		return vietnamese.SearchKey(one(random, made.Titles))
	case 1:
		for i, word := range heard {
			if at := 1 + random.IntN(max(1, len(word)-1)); len(word) >= 4 {
				heard[i] = word[:at] + word[at+1:]
				break
			}
		}
	case 2:
		last := heard[len(heard)-1]
		heard[len(heard)-1] = last[:max(1, len(last)-1)]
	case 3:
		return one(random, made.Phrases)
	case 4:
		return one(random, made.Numbers)
	}
	return strings.Join(heard, " ")
}
