package learning

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"log/slog"
	"maps"
	"slices"
	"time"
)

// touch is progress of one enrolment that is in the log and not in the enrolment.
type touch struct {
	version courses.VersionID
	lessons map[courses.LessonID]Progress
	at      time.Time // when the latest of it came
}

// add joins more of the same enrolment.
func (t *touch) add(more touch) {
	if t.lessons == nil {
		t.lessons = make(map[courses.LessonID]Progress, len(more.lessons))
	}
	for id, p := range more.lessons {
		t.lessons[id] = t.lessons[id].Join(p)
	}
	t.version, t.at = more.version, latest(t.at, more.at)
}

type touches map[courses.EnrolmentID]touch

// foldAtMost is how many enrolments one transaction changes.
const foldAtMost = 500

// fold writes progress that the log has into the enrolments, and completes those that
// it makes complete. What fails takes nothing else with it; it is to be folded again.
func (s *Service) fold(ctx context.Context, taken touches) (merged enrolments, failed map[courses.EnrolmentID]error) {
	merged, failed = make(enrolments, len(taken)), map[courses.EnrolmentID]error{}
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(taken)), foldAtMost) {
		err := s.foldThese(ctx, taken, ids, merged)
		if err == nil {
			continue
		}
		for _, id := range ids {
			if len(ids) > 1 {
				err = s.foldThese(ctx, taken, []courses.EnrolmentID{id}, merged)
			}
			if err != nil {
				failed[id] = err
			}
		}
	}
	return merged, failed
}

// foldThese folds into some enrolments, all or none.
func (s *Service) foldThese(ctx context.Context, taken touches, ids []courses.EnrolmentID, merged enrolments) error {
	versions := make(map[courses.VersionID]catalog.Version)
	for _, id := range ids {
		v, err := s.catalog.Version(ctx, taken[id].version)
		if err != nil {
			return err
		}
		versions[v.ID] = v
	}
	err := s.store.Merge(ctx, ids, func(list []Enrolment) (changed []Merged) {
		for _, was := range list {
			t, v := taken[was.ID], versions[was.Version]
			is := was.Join(t.lessons)
			if !is.Same(was) {
				is.ShareBp, is.Next, is.LastAt = is.share(v), is.stop(v), latest(was.LastAt, t.at)
				changed = append(changed, Merged{is, slices.Collect(maps.Keys(t.lessons))})
			}
			merged[was.ID] = is
		}
		return changed
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		e, found := merged[id]
		if !found {
			continue
		}
		if e, err = s.completeIf(ctx, e, versions[e.Version]); err != nil {
			// The device asks for it itself, and so does the next event of the enrolment.
			slog.ErrorContext(ctx, "complete an enrolment", "enrolment", id, "error", err)
		}
		merged[id] = e
	}
	return nil
}

// Mark says that a server may have logged since From what enrolments do not know.
type Mark struct {
	Server string
	From   time.Time
	Seen   time.Time
}

// aliveFor is how long after its last sign a server counts as running.
const aliveFor = time.Minute

// Recover folds what servers that ended have left in the log. A server that begins
// asks for all of them: a mark may be of the server whose place it takes.
func (s *Service) Recover(ctx context.Context, all bool) error {
	marks, err := s.store.Marks(ctx)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	var old []Mark
	var since time.Time
	for _, m := range marks {
		ended := now.Sub(m.Seen) > aliveFor
		if ended {
			old = append(old, m)
		}
		if all || ended {
			since = earliest(since, m.From)
		}
	}
	if since.IsZero() {
		return nil
	}
	if err := s.refold(ctx, since); err != nil {
		return err
	}
	for _, m := range old {
		if err := s.store.DropMark(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// refold folds all that the log has since an instant, whoever logged it.
func (s *Service) refold(ctx context.Context, since time.Time) error {
	taken := touches{}
	flush := func() error {
		list, err := s.store.Enrolments(ctx, slices.Collect(maps.Keys(taken)))
		if err != nil {
			return err
		}
		known := make(touches, len(list))
		for _, e := range list {
			t := taken[e.ID]
			t.version = e.Version
			known[e.ID] = t
		}
		taken = touches{}
		_, failed := s.fold(ctx, known)
		for _, err := range failed {
			return err
		}
		return nil
	}
	err := s.store.Logged(ctx, since, func(d Delivery) error {
		for _, e := range d.Events {
			t := taken[e.Enrolment]
			t.add(touch{lessons: map[courses.LessonID]Progress{e.Lesson: e.progress()}, at: d.At})
			taken[e.Enrolment] = t
		}
		if len(taken) < foldAtMost {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}
