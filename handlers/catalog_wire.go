package handlers

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/learning"
	"haidang/courses/staff"
)

// each converts a list for the wire; nil becomes empty.
func each[A, B any](list []A, convert func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = convert(a)
	}
	return out
}

func contentView(c catalog.Content) CourseContent {
	return CourseContent{
		Title: c.Title, Summary: c.Summary, Knowledge: string(c.Knowledge), Tiet: c.Tiet,
		Positions:  each(c.Positions, func(p courses.PositionID) courses.PositionID { return p }),
		Citations:  each(c.Citations, citationView),
		Statements: each(c.Statements, func(x catalog.Statement) Statement { return Statement(x) }),
		Modules: each(c.Modules, func(m catalog.Module) Module {
			return Module{ID: m.ID, Title: m.Title, Tiet: m.Tiet, Lessons: each(m.Lessons, lessonContentView)}
		}),
	}
}

func citationView(c catalog.Citation) Citation { return Citation(c) }

func lessonContentView(l catalog.Lesson) Lesson {
	return Lesson{
		ID: l.ID, Kind: string(l.Kind), Title: l.Title, Minutes: l.Minutes, Asset: l.Asset, Coverage: l.Coverage,
		Blocks: each(l.Blocks, blockView), Paper: paperView(l), Questions: each(l.Questions, timedQuestionView),
	}
}

func (c CourseContent) domain() catalog.Content {
	return catalog.Content{
		Title: c.Title, Summary: c.Summary, Knowledge: catalog.Knowledge(c.Knowledge), Tiet: c.Tiet, Positions: c.Positions,
		Citations:  each(c.Citations, func(x Citation) catalog.Citation { return catalog.Citation(x) }),
		Statements: each(c.Statements, func(x Statement) catalog.Statement { return catalog.Statement(x) }),
		Modules: each(c.Modules, func(m Module) catalog.Module {
			return catalog.Module{ID: m.ID, Title: m.Title, Tiet: m.Tiet, Lessons: each(m.Lessons, Lesson.domain)}
		}),
	}
}

func (l Lesson) domain() catalog.Lesson {
	return catalog.Lesson{
		ID: l.ID, Kind: catalog.LessonKind(l.Kind), Title: l.Title, Minutes: l.Minutes, Asset: l.Asset, Coverage: l.Coverage,
		Blocks: each(l.Blocks, Block.domain), Paper: l.Paper.domain(), Questions: each(l.Questions, TimedQuestion.domain),
	}
}

// nameIn is a unit's full name today, or its code when it has none.
func nameIn(tree *staff.Tree, code courses.UnitID, today courses.Date) string {
	if unit, found := tree.At(code, today); found {
		return unit.FullName
	}
	return string(code)
}

func cardView(c catalog.Course, ownerName string, e learning.Standing) CourseCard {
	n := c.Newest
	return CourseCard{
		ID: c.ID, Code: c.Code, Title: n.Title, Summary: n.Summary, Owner: c.Owner, OwnerName: ownerName,
		Knowledge: string(n.Knowledge), Tiet: n.Tiet, Minutes: n.Minutes, Lessons: n.Lessons, PublishedAt: n.At,
		Enrolment: e.ID, ShareBp: e.ShareBp, Completed: e.CompletedAt != nil, Owed: string(e.Owed),
	}
}

func outlineView(v catalog.Version) []OutlineModule {
	return each(v.Content.Modules, func(m catalog.Module) OutlineModule {
		return OutlineModule{ID: m.ID, Title: m.Title, Tiet: m.Tiet, Lessons: each(m.Lessons, func(l catalog.Lesson) OutlineLesson {
			return OutlineLesson{ID: l.ID, Kind: string(l.Kind), Title: l.Title, Minutes: l.Minutes, Bytes: v.Bytes(l), Pretest: l.Paper.Pretest()}
		})}
	})
}

func enrolmentView(e learning.Enrolment, v catalog.Version) EnrolmentView {
	view := EnrolmentView{
		ID: e.ID, Course: e.Course, Version: e.Version, EnrolledAt: e.EnrolledAt, CompletedAt: e.CompletedAt,
		ShareBp: e.ShareBp, Supplement: e.Supplement(), Resume: e.Resume(v), Lessons: make([]LessonState, 0, v.Content.LessonCount()),
	}
	shareOf, excused := e.Shares(v), e.Excused(v)
	v.Content.Lessons(func(l catalog.Lesson) {
		p, share := e.Lessons[l.ID], shareOf(l)
		view.Lessons = append(view.Lessons, LessonState{
			Lesson: l.ID, Watched: each(p.Watched, func(s learning.Span) [2]int64 { return [2]int64{s.From, s.To} }), Answers: answerViews(l, p),
			Pages: p.Page, Read: p.Read, PositionMs: p.Position.Ms, ShareBp: share, Complete: share == 10000, Excused: excused[l.ID], LastAt: p.Last,
		})
	})
	return view
}
