package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// OwnNote is what somebody wrote for themselves beside a lesson.
type OwnNote struct {
	Person      courses.PersonID `json:"person" doc:"Whose it is: who is signed in"`
	Course      courses.CourseID `json:"course"`
	CourseTitle string           `json:"courseTitle,omitempty" doc:"In lists"`
	Lesson      courses.LessonID `json:"lesson"`
	LessonTitle string           `json:"lessonTitle"`
	Text        string           `json:"text" doc:"Empty where there is none"`
	Edit        learning.EditID  `json:"edit" doc:"The state that it is in; empty where there is none"`
	At          *time.Time       `json:"at,omitempty" doc:"When that state came; absent where there is none"`
}

// SavedNote is a text for a note.
type SavedNote struct {
	Person courses.PersonID `json:"person,omitempty" maxLength:"80" doc:"Whose it is: refused unless it is who is signed in"`
	Text   string           `json:"text" maxLength:"40000" doc:"At most 10,000 characters; an empty one deletes"`
	Edit   learning.EditID  `json:"edit" format:"uuid" doc:"Made on the device; the same again changes nothing"`
	Base   learning.EditID  `json:"base" maxLength:"36" doc:"The state that the text was written on; empty for none"`
}

// NotePath is a lesson of a course.
type NotePath struct {
	Course courses.CourseID `path:"course" maxLength:"36" pattern:"^[0-9a-f-]{36}$"`
	Lesson courses.LessonID `path:"lesson" maxLength:"36" pattern:"^[0-9a-f-]{36}$"`
}

type noteRoutes struct{ Services }

func registerNotes(api huma.API, services Services) {
	r := noteRoutes{services}
	private(api, get("listOwnNotes", "/api/notes", "One's own notes, by course and lesson, or those that hold words (folded)"), r.list)
	private(api, get("getOwnNote", "/api/notes/{course}/{lesson}", "One's own note beside a lesson"), r.note)
	private(api, put("saveOwnNote", "/api/notes/{course}/{lesson}", "Keep one's note; refused when another device changed it since"), r.save)
}

func noteView(actor courses.Actor, n learning.Note) OwnNote {
	v := OwnNote{Person: actor.Person, Course: n.Course, Lesson: n.Lesson, LessonTitle: n.Title, Text: n.Text, Edit: n.Edit}
	if n.Edit != "" {
		v.At = &n.At
	}
	return v
}

type ownNotesIn struct {
	PageIn
	Query string `query:"q" maxLength:"200"`
}

func (r noteRoutes) list(ctx context.Context, actor courses.Actor, in *ownNotesIn) (*body[list[OwnNote]], error) {
	found, of, err := r.Learning.Notes(ctx, actor, in.Query, in.page())
	if err != nil {
		return nil, err
	}
	return &body[list[OwnNote]]{Body: list[OwnNote]{Next: found.Next, Items: each(found.Items, func(n learning.Note) OwnNote {
		v := noteView(actor, n)
		if c, published := of[n.Course]; published {
			v.CourseTitle = c.Newest.Title
		}
		return v
	})}}, nil
}

func (r noteRoutes) note(ctx context.Context, actor courses.Actor, in *NotePath) (*body[OwnNote], error) {
	n, err := r.Learning.Note(ctx, actor, in.Course, in.Lesson)
	return &body[OwnNote]{Body: noteView(actor, n)}, err
}

type saveNoteIn struct {
	NotePath
	Body SavedNote
}

func (r noteRoutes) save(ctx context.Context, actor courses.Actor, in *saveNoteIn) (*body[OwnNote], error) {
	if err := ownOnly(actor, in.Body.Person); err != nil {
		return nil, err
	}
	n, err := r.Learning.SaveNote(ctx, actor, learning.Note{Course: in.Course, Lesson: in.Lesson, Text: in.Body.Text, Edit: in.Body.Edit}, in.Body.Base)
	return &body[OwnNote]{Body: noteView(actor, n)}, err
}
