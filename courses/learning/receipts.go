package learning

import (
	"context"
	"haidang/courses"
	"haidang/courses/fields"
	"maps"
	"slices"
)

// Refusals of receipts.
var (
	ErrReceipt     = courses.Refusal(courses.Invalid, "learning.bad_receipt", "a receipt is eight digits 0–9 and letters a–f")
	ErrOtherPerson = courses.Refusal(courses.Conflict, "learning.other_person", "this is of another person than the one who is signed in; it stays where it is")
)

// receiptDigits is how long a receipt is: the end of the event's id.
const receiptDigits = 8

// Receipt is the code that the help desk looks an event up by.
func (e Event) Receipt() string {
	id := string(e.ID)
	return id[len(id)-receiptDigits:]
}

// Recorded is a delivery of somebody's events with what they are about, so that
// people can read it.
type Recorded struct {
	Delivery
	Courses map[courses.EnrolmentID]RecordedCourse
}

// RecordedCourse is the titles that an enrolment's events had on its version.
type RecordedCourse struct {
	ID      courses.CourseID
	Title   string
	Lessons map[courses.LessonID]string
}

// Deliveries is what the server has received of a person, newest first. With a
// receipt it is those that hold the event, and of each only that; more than one
// where a device did not hear an answer and sent again. Others than the person need a
// receipt and must be allowed to read the person's record: when somebody learned is
// nobody else's business, but for the one moment that they ask about. It refuses
// with ErrReceipt.
func (s *Service) Deliveries(ctx context.Context, actor courses.Actor, person courses.PersonID, receipt string, page courses.Page) (courses.Slice[Recorded], error) {
	none := courses.Slice[Recorded]{}
	if err := s.staff.Can(ctx, actor, courses.ReadRecord, courses.Object{Person: person}); err != nil {
		return none, err
	}
	if (receipt != "" || actor.Person != person) && !isReceipt(receipt) {
		return none, ErrReceipt
	}
	found, err := s.store.Deliveries(ctx, person, receipt, page)
	if err != nil {
		return none, err
	}
	about, err := s.about(ctx, found.Items)
	if err != nil {
		return none, err
	}
	list := courses.Slice[Recorded]{Next: found.Next}
	for _, d := range found.Items {
		list.Items = append(list.Items, Recorded{d, about})
	}
	return list, nil
}

func isReceipt(s string) bool {
	// The rest of a UUID makes it one.
	return len(s) == receiptDigits && fields.IsUUID(courses.EventID("00000000-0000-4000-8000-0000"+s))
}

// about is what the events of deliveries are of.
func (s *Service) about(ctx context.Context, list []Delivery) (map[courses.EnrolmentID]RecordedCourse, error) {
	lessons := map[courses.EnrolmentID]map[courses.LessonID]string{}
	for _, d := range list {
		for _, e := range d.Events {
			if lessons[e.Enrolment] == nil {
				lessons[e.Enrolment] = map[courses.LessonID]string{}
			}
			lessons[e.Enrolment][e.Lesson] = ""
		}
	}
	on, err := s.Outlines(ctx, slices.Collect(maps.Keys(lessons)))
	if err != nil {
		return nil, err
	}
	about := make(map[courses.EnrolmentID]RecordedCourse, len(on))
	for _, e := range on {
		v, err := s.catalog.Version(ctx, e.Version)
		if err != nil {
			return nil, err
		}
		titles := lessons[e.ID]
		for id := range titles {
			if l, found := v.Content.Lesson(id); found {
				titles[id] = l.Title
			}
		}
		about[e.ID] = RecordedCourse{ID: v.Course, Title: v.Content.Title, Lessons: titles}
	}
	return about, nil
}

// logUnknown logs those of a batch that changed nothing which were never received
// before: what two devices saw of one film, say. What a device sends again is in the
// log already.
func (s *Service) logUnknown(ctx context.Context, b *batch) error {
	ids := make([]courses.EventID, len(b.events))
	first := b.events[0].At
	for i, e := range b.events {
		ids[i] = e.ID
		if e.At.Before(first) {
			first = e.At
		}
	}
	// Nothing is received before it happened, but for what clocks may be wrong by.
	known, err := s.store.Known(ctx, b.actor, ids, first.Add(-futureTolerance))
	if err != nil {
		return err
	}
	d := Delivery{Person: b.actor, At: s.clock.Now()}
	for _, e := range b.events {
		if !known[e.ID] {
			d.Events = append(d.Events, e)
		}
	}
	if len(d.Events) == 0 {
		return nil
	}
	return s.store.Log(ctx, []Delivery{d})
}
