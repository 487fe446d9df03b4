package mongo

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"time"
)

type newestDoc struct {
	Version   courses.VersionID    `bson:"version"`
	Number    int                  `bson:"number"`
	At        time.Time            `bson:"at"`
	Revision  int                  `bson:"revision"`
	Renewed   int                  `bson:"renewed"`
	Added     int                  `bson:"added"`
	Title     string               `bson:"title"`
	Summary   string               `bson:"summary"`
	Knowledge catalog.Knowledge    `bson:"knowledge"`
	Tiet      int                  `bson:"tiet"`
	Minutes   int                  `bson:"minutes"`
	Lessons   int                  `bson:"lessons"`
	Positions []courses.PositionID `bson:"positions"`
	Citations []string             `bson:"citations"`
	Places    []referenceDoc       `bson:"places,omitempty"`
	Modules   []string             `bson:"modules"`
	First     openingDoc           `bson:"first"`
}

type openingDoc struct {
	Lesson  courses.LessonID   `bson:"lesson"`
	Title   string             `bson:"title"`
	Kind    catalog.LessonKind `bson:"kind"`
	Minutes int                `bson:"minutes"`
}

// referenceDoc is a place in a legal document.
type referenceDoc struct {
	Number  string `bson:"number"`
	Article string `bson:"article,omitempty"`
}

func placesToDocs(list []catalog.Reference) []referenceDoc {
	return each(list, func(r catalog.Reference) referenceDoc { return referenceDoc(r) })
}

func placesOf(list []referenceDoc) []catalog.Reference {
	return each(list, func(d referenceDoc) catalog.Reference { return catalog.Reference(d) })
}

func newestToDoc(n catalog.Newest) newestDoc {
	return newestDoc{
		Version: n.Version, Number: n.Number, At: n.At, Revision: n.Revision, Renewed: n.Renewed, Added: n.Added,
		Title: n.Title, Summary: n.Summary, Knowledge: n.Knowledge, Tiet: n.Tiet, Minutes: n.Minutes, Lessons: n.Lessons,
		Positions: n.Positions, Citations: n.Citations, Places: placesToDocs(n.Cited), Modules: n.Modules,
		First: openingDoc(n.First),
	}
}

func (d newestDoc) newest() catalog.Newest {
	return catalog.Newest{
		Version: d.Version, Number: d.Number, At: d.At, Revision: d.Revision, Renewed: d.Renewed, Added: d.Added,
		Title: d.Title, Summary: d.Summary, Knowledge: d.Knowledge, Tiet: d.Tiet, Minutes: d.Minutes, Lessons: d.Lessons,
		Positions: d.Positions, Citations: d.Citations, Cited: placesOf(d.Places), Modules: d.Modules,
		First: catalog.Opening(d.First),
	}
}
