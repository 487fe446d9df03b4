// Package catalog holds courses: drafts, immutable published versions, their
// modules and lessons, the publishing check and the search over all of it.
package catalog

import (
	"context"
	"haidang/courses"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Course is a course through all its versions, with its draft.
type Course struct {
	ID       courses.CourseID
	Code     string // typed by authors, unique: "HCC-01"
	Owner    courses.UnitID
	Hands    Hands
	Draft    Content
	Cited    []Reference // places that the draft cites, in the course or in a block
	Revision int         // of the draft, from 1
	SavedAt  time.Time
	SavedBy  courses.PersonID
	Edit     string  // names the saving that made this revision; empty for none
	Review   *Review // nil while authors write
	Newest   *Newest // nil until published
}

// Newest is the newest version of a course, as lists show it.
type Newest struct {
	Version   courses.VersionID
	Number    int
	At        time.Time
	Revision  int // of the draft that it froze
	Renewed   int // number of the version that began the cycle: the first, or the latest replacement
	Added     int // number of the latest addition in the cycle; 0 for none
	Title     string
	Summary   string
	Knowledge Knowledge
	Tiet      int
	Minutes   int
	Lessons   int
	Positions []courses.PositionID
	Citations []string    // numbers, of the course and of its blocks
	Cited     []Reference // the same with the articles that are named
	Modules   []string    // titles, for the search
	First     Opening
}

// Opening is the lesson with which a course begins.
type Opening struct {
	Lesson  courses.LessonID
	Title   string
	Kind    LessonKind
	Minutes int
}

// Bytes is the size of the files that a lesson shows.
func (v Version) Bytes(l Lesson) int64 {
	var sum int64
	l.assets(func(id courses.AssetID) { sum += v.Media[id].Bytes })
	return sum
}

// AllCited lists the places that the draft or the newest version cites.
func (c Course) AllCited() []Reference {
	if c.Newest == nil {
		return c.Cited
	}
	return slices.Concat(c.Cited, c.Newest.Cited)
}

// Changed says that the draft differs from the newest version.
func (c Course) Changed() bool { return c.Newest == nil || c.Newest.Revision != c.Revision }

// Version is one immutable publication of a course.
type Version struct {
	ID          courses.VersionID
	Course      courses.CourseID
	Number      int // from 1
	Class       Class
	Code        string
	Owner       courses.UnitID
	Content     Content
	Media       map[courses.AssetID]AssetFacts // frozen with the version
	PublishedAt time.Time
	PublishedBy courses.PersonID

	minutes map[courses.LessonID]int // of lessons, see Minutes; nil while nobody needed them often
}

// Class says what a new version means to those who finished an older one.
type Class string

// The classes of a version after the first.
const (
	Correction  Class = "correction"  // sửa chữ
	Addition    Class = "addition"    // bổ sung
	Replacement Class = "replacement" // thay thế
)

// Refusals of the catalogue.
var (
	ErrNoCourse    = courses.Refusal(courses.NotFound, "catalog.no_such_course", "there is no such course for this actor")
	ErrNoVersion   = courses.Refusal(courses.NotFound, "catalog.no_such_version", "there is no such version")
	ErrNoLesson    = courses.Refusal(courses.NotFound, "catalog.no_such_lesson", "the version has no such lesson")
	ErrCodeTaken   = courses.Refusal(courses.Conflict, "catalog.code_taken", "another course has this code")
	ErrCode        = courses.Refusal(courses.Invalid, "catalog.bad_code", "codes are 2–40 capital letters, digits and hyphens")
	ErrIncomplete  = courses.Refusal(courses.Invalid, "catalog.incomplete", "publishing needs more; see fields")
	ErrUnchanged   = courses.Refusal(courses.Conflict, "catalog.unchanged", "the draft is the same as the newest version")
	ErrInReview    = courses.Refusal(courses.Conflict, "catalog.in_review", "the draft is under review; withdraw it, or have it sent back, to change it")
	ErrClassNeeded = courses.Refusal(courses.Invalid, "catalog.class_needed", "say whether it corrects, adds or replaces")
	ErrForeignBank = courses.Refusal(courses.Forbidden, "catalog.foreign_bank", "a quiz asks questions of an organisation that the actor does not write for")
	ErrForeign     = courses.Refusal(courses.Forbidden, "catalog.foreign_asset", "a lesson shows a file of an organisation that the actor does not write for")
)

// Service answers for courses.
type Service struct {
	store  Store
	index  Index
	assets Assets
	banks  Banks
	people People
	allow  courses.Authority
	atomic courses.Atomic
	clock  courses.Clock
	shelf  shelf
	asked  atomic.Pointer[[]courses.UnitID] // communes that read a pilot, as of the last Refresh
	words  words

	mu       sync.Mutex
	versions map[courses.VersionID]Version // immutable, so they may be kept
	indexed  time.Time                     // newest publication that the index holds
}

// NewService builds the service from its parts.
func NewService(store Store, index Index, assets Assets, banks Banks, people People, allow courses.Authority, atomic courses.Atomic, clock courses.Clock) *Service {
	return &Service{
		store: store, index: index, assets: assets, banks: banks, people: people, allow: allow, atomic: atomic, clock: clock,
		versions: map[courses.VersionID]Version{},
	}
}

// Editable is a draft with all that its authors need to see.
type Editable struct {
	Course   Course
	Missing  []Missing
	Warnings []Missing
	Measures Measures
	May      []courses.Action // what the actor may do to it, besides reading
	Files    courses.UnitID   // in whose name the actor sends files for it; empty for nobody's
}

// Create begins a course of an organisation. It refuses with ErrCode and
// ErrCodeTaken.
func (s *Service) Create(ctx context.Context, actor courses.Actor, code, title string, owner courses.UnitID) (Editable, error) {
	return s.Add(ctx, actor, code, owner, Content{Title: title})
}

// Draft is a course as its authors and reviewers see it.
func (s *Service) Draft(ctx context.Context, actor courses.Actor, id courses.CourseID) (Editable, error) {
	c, err := s.owned(ctx, actor, courses.ReadDraft, id)
	if err != nil {
		return Editable{}, err
	}
	return s.editable(ctx, actor, c)
}

// Drafts lists the courses of the actor's organisations, latest change first;
// those that the actor keeps or stands in for, if mine.
func (s *Service) Drafts(ctx context.Context, actor courses.Actor, mine bool, page courses.Page) (courses.Slice[Course], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.ReadDraft)
	if err != nil {
		return courses.Slice[Course]{}, err
	}
	minder := courses.PersonID("")
	if mine {
		minder = actor.Person
	}
	return s.store.Drafts(ctx, scope, minder, page)
}

// Save writes the draft if nobody saved since revision, else it refuses with
// courses.ErrConflict.
func (s *Service) Save(ctx context.Context, actor courses.Actor, id courses.CourseID, revision int, content Content) (Editable, error) {
	return s.SaveOnce(ctx, actor, id, revision, "", content)
}

// SaveOnce is Save by a name that the device made: the same again, as by who did
// not hear the answer, changes nothing and is answered as the first time.
func (s *Service) SaveOnce(ctx context.Context, actor courses.Actor, id courses.CourseID, revision int, edit string, content Content) (Editable, error) {
	c, err := s.owned(ctx, actor, courses.WriteCourse, id)
	if err != nil {
		return Editable{}, err
	}
	if edit != "" && c.Edit == edit && c.Revision == revision+1 && c.SavedBy == actor.Person {
		return s.editable(ctx, actor, c)
	}
	c.Edit = edit
	return s.save(ctx, actor, c, revision, content, c.Draft)
}

// save writes the draft of a course that the actor may write; known is content
// whose files may be shown again, whoever sent them.
func (s *Service) save(ctx context.Context, actor courses.Actor, c Course, revision int, content, known Content) (Editable, error) {
	if c.Review != nil {
		return Editable{}, ErrInReview
	}
	content, err := clean(content, s.newID)
	if err != nil {
		return Editable{}, err
	}
	if err := s.ownAssets(ctx, actor, content, known); err != nil {
		return Editable{}, err
	}
	c.Draft, c.Cited, c.Revision, c.SavedAt, c.SavedBy = content, content.Cited(), revision+1, s.clock.Now(), actor.Person
	err = s.atomic(ctx, func(ctx context.Context) error {
		if err := s.store.SaveDraft(ctx, c, revision); err != nil {
			return err
		}
		return s.shareFiles(ctx, c)
	})
	if err != nil {
		return Editable{}, err
	}
	return s.editable(ctx, actor, c)
}

// Versions lists a course's versions, newest first, without their content.
func (s *Service) Versions(ctx context.Context, actor courses.Actor, id courses.CourseID, page courses.Page) (courses.Slice[Version], error) {
	if _, err := s.owned(ctx, actor, courses.ReadDraft, id); err != nil {
		return courses.Slice[Version]{}, err
	}
	return s.store.Versions(ctx, id, page)
}

// Restore makes the content of an older version the draft, so that it can be
// published again; the version itself stays as it is. It refuses with
// ErrNoVersion and, if somebody saved since revision, courses.ErrConflict.
func (s *Service) Restore(ctx context.Context, actor courses.Actor, id courses.CourseID, version courses.VersionID, revision int) (Editable, error) {
	c, err := s.owned(ctx, actor, courses.WriteCourse, id)
	if err != nil {
		return Editable{}, err
	}
	content, err := s.versionOf(ctx, c, version)
	if err != nil {
		return Editable{}, err
	}
	return s.save(ctx, actor, c, revision, content, content)
}

// newestOf is the newest version as lists show it; was is the one before, nil of
// the first.
func newestOf(v Version, revision int, was *Newest) *Newest {
	n := &Newest{
		Version: v.ID, Number: v.Number, At: v.PublishedAt, Revision: revision, Renewed: v.Number,
		Title: v.Content.Title, Summary: v.Content.Summary, Knowledge: v.Content.Knowledge, Tiet: v.Content.Tiet,
		Minutes: v.Content.Minutes(), Lessons: v.Content.LessonCount(), Positions: v.Content.Positions,
		Cited: v.Content.Cited(),
	}
	n.Citations = documents(n.Cited)
	if was != nil && v.Class != Replacement {
		n.Renewed, n.Added = was.Renewed, was.Added
	}
	if v.Class == Addition {
		n.Added = v.Number
	}
	for _, m := range v.Content.Modules {
		n.Modules = append(n.Modules, m.Title)
	}
	v.Content.Lessons(func(l Lesson) {
		if n.First.Lesson == "" {
			n.First = Opening{Lesson: l.ID, Title: l.Title, Kind: l.Kind, Minutes: v.Minutes(l)}
		}
	})
	return n
}

// owned finds a course to which the actor may do the action; a course that the
// actor may not even read does not exist for them.
func (s *Service) owned(ctx context.Context, actor courses.Actor, action courses.Action, id courses.CourseID) (Course, error) {
	c, err := s.store.Course(ctx, id)
	if err != nil {
		return Course{}, err
	}
	if err := s.allow.Can(ctx, actor, courses.ReadDraft, c.object()); err != nil {
		return Course{}, ErrNoCourse
	}
	return c, s.allow.Can(ctx, actor, action, c.object())
}

// ownAssets refuses content that shows files, or asks questions, which belong to an
// organisation that the actor does not write for, unless known content has them.
func (s *Service) ownAssets(ctx context.Context, actor courses.Actor, c, known Content) error {
	facts, err := s.assets.Facts(ctx, c.Assets())
	if err != nil {
		return err
	}
	there := known.Assets()
	for id, f := range facts {
		if !slices.Contains(there, id) && s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: f.Owner}) != nil {
			return ErrForeign
		}
	}
	banks := known.banks()
	for bank := range c.banks() {
		if !banks[bank] && s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: bank}) != nil {
			return ErrForeignBank
		}
	}
	return nil
}

func (s *Service) editable(ctx context.Context, actor courses.Actor, c Course) (Editable, error) {
	facts, forms, err := s.assets.Forms(ctx, c.Draft.Assets())
	if err != nil {
		return Editable{}, err
	}
	short, err := s.papers(ctx, c.Draft)
	if err != nil {
		return Editable{}, err
	}
	e := Editable{Course: c, Missing: missing(c.Draft, facts, short), Warnings: warnings(c.Draft, facts), Measures: measure(c.Draft, facts, forms)}
	for _, action := range []courses.Action{courses.WriteCourse, courses.ReviewCourse, courses.PublishCourse} {
		if s.allow.Can(ctx, actor, action, c.object()) == nil {
			e.May = append(e.May, action)
		}
	}
	for _, unit := range c.Units() {
		if e.Files == "" && s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: unit}) == nil {
			e.Files = unit
		}
	}
	return e, nil
}

func (s *Service) newID() string { return courses.NewID[string](s.clock.Now()) }
