package mongo

import (
	"haidang/courses"
	"haidang/courses/catalog"
)

type paperDoc struct {
	Bank     courses.UnitID   `bson:"bank"`
	Fixed    []courses.ItemID `bson:"fixed,omitempty"`
	Draws    []drawDoc        `bson:"draws,omitempty"`
	Shuffle  bool             `bson:"shuffle"`
	PassBp   int              `bson:"passBp,omitempty"`
	Attempts int              `bson:"attempts,omitempty"`
	Minutes  int              `bson:"minutes,omitempty"`
	Feedback catalog.Feedback `bson:"feedback"`

	Excuses      []courses.LessonID `bson:"excuses,omitempty"`
	SecondMarker bool               `bson:"secondMarker,omitempty"`
	Anonymous    bool               `bson:"anonymous,omitempty"`
}

type drawDoc struct {
	Topic      string `bson:"topic,omitempty"`
	Difficulty string `bson:"difficulty,omitempty"`
	Count      int    `bson:"count"`

	Lesson courses.LessonID `bson:"lesson,omitempty"`
}

func paperToDoc(l catalog.Lesson) *paperDoc {
	if l.Kind != catalog.Quiz {
		return nil
	}
	p := l.Paper
	return &paperDoc{
		Bank: p.Bank, Fixed: p.Fixed, Draws: each(p.Draws, func(d catalog.Draw) drawDoc { return drawDoc(d) }),
		Shuffle: p.Shuffle, PassBp: p.PassBp, Attempts: p.Attempts, Minutes: p.Minutes, Feedback: p.Feedback,
		Excuses: p.Excuses, SecondMarker: p.SecondMarker, Anonymous: p.Anonymous,
	}
}

func (d *paperDoc) paper() catalog.Paper {
	if d == nil {
		return catalog.Paper{}
	}
	return catalog.Paper{
		Bank: d.Bank, Fixed: d.Fixed, Draws: each(d.Draws, func(x drawDoc) catalog.Draw { return catalog.Draw(x) }),
		Shuffle: d.Shuffle, PassBp: d.PassBp, Attempts: d.Attempts, Minutes: d.Minutes, Feedback: d.Feedback,
		Excuses: d.Excuses, SecondMarker: d.SecondMarker, Anonymous: d.Anonymous,
	}
}
