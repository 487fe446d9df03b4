package handlers

import (
	"haidang/courses"
	"haidang/courses/catalog"
)

// Load is how many bytes a learner loads.
type Load struct {
	Phone   int64 `json:"phone" doc:"On a phone of 360 × 740 with two pixels for one"`
	Tablet  int64 `json:"tablet" doc:"On a tablet of 768 × 1024 with two pixels for one"`
	Desktop int64 `json:"desktop"`
}

// Measure is how heavy and how long a lesson is.
type Measure struct {
	Lesson   courses.LessonID `json:"lesson"`
	Minutes  int              `json:"minutes" doc:"Estimated from text, film or pages; 0 while there is nothing to estimate from"`
	Load     Load             `json:"load" doc:"Text and pictures of an article, or the file in the form that plays by itself"`
	Attached int64            `json:"attached" doc:"Bytes of the files that an article offers besides"`
}

// Measures is how heavy and how long a course is.
type Measures struct {
	Lessons  []Measure `json:"lessons" nullable:"false" doc:"In the order of the content"`
	Minutes  int       `json:"minutes" doc:"Of all lessons, estimated"`
	Typed    int       `json:"typed" doc:"Minutes that the authors gave all lessons"`
	Declared int       `json:"declared" doc:"Minutes of the declared tiết"`
	Load     Load      `json:"load" doc:"Of all lessons, a file in several of them once"`
	Attached int64     `json:"attached"`
}

func measuresView(c catalog.Content, m catalog.Measures) Measures {
	return Measures{
		Minutes: m.Minutes, Typed: c.Minutes(), Declared: m.Declared, Load: Load(m.Load), Attached: m.Attached,
		Lessons: each(m.Lessons, func(l catalog.Measure) Measure {
			return Measure{Lesson: l.Lesson, Minutes: l.Minutes, Load: Load(l.Load), Attached: l.Attached}
		}),
	}
}
