package demo

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/learning"
	"haidang/courses/records"
	"haidang/courses/staff"
	"slices"
	"time"
)

// Size says how much Seed invents.
type Size struct {
	People      int
	Courses     int // besides the one on Notice 129
	Completions int
	Seed        uint64
}

// Small is the demo of `make run`.
var Small = Size{People: 300, Completions: 120, Seed: 129}

// published is how long before now the demo's course was published.
const published = 75 * 24 * time.Hour

// Seed fills an empty database: the same things for the same size and day.
func Seed(ctx context.Context, a *app.App, size Size, say func(string)) error {
	if size.Completions > size.People*(size.Courses+1) {
		return fmt.Errorf("%d people cannot complete %d of %d courses", size.People, size.Completions, size.Courses+1)
	}
	m := newMaker(size.Seed)
	all, err := Base(ctx, a)
	if err != nil {
		return err
	}
	tree := staff.NewTree(all)
	byName, err := m.accounts(ctx, a, tree)
	if err != nil {
		return err
	}
	people := m.people(size.People, all)
	if err := a.Services.Staff.ImportPeople(ctx, people); err != nil {
		return err
	}
	say(fmt.Sprintf("%d units, %d people", len(all), len(people)))
	list, err := m.publish(ctx, a, size.Courses, byName["tacgia"].ID)
	if err != nil {
		return err
	}
	if err := pilot(ctx, a, byName); err != nil {
		return err
	}
	if err := assign(ctx, a, byName, list[0].Course); err != nil {
		return err
	}
	author := byName["tacgia"].ID
	if _, err := a.Services.Catalog.HandOver(ctx, cityPublisher(author), "STP", author, byName["xuatban"].ID); err != nil {
		return fmt.Errorf("hand over the outlines: %w", err)
	}
	say(fmt.Sprintf("%d courses", len(list)))
	if err := m.complete(ctx, a, tree, people, list, size.Completions); err != nil {
		return err
	}
	say(fmt.Sprintf("%d completions in the ledger", size.Completions))
	return settle(ctx, a, say)
}

// settle counts the completions.
func settle(ctx context.Context, a *app.App, say func(string)) error {
	rebuilt, err := a.Services.Reports.Rebuild(ctx)
	if err != nil {
		return err
	}
	say(fmt.Sprintf("%d counters", rebuilt.Counters))
	return nil
}

// cityPublisher is the person as somebody who publishes for every organisation.
func cityPublisher(id courses.PersonID) courses.Actor {
	return courses.Actor{Person: id, Roles: []courses.RoleAt{{Role: courses.Publisher, Unit: City}}}
}

// publish publishes the course on the notice and n invented ones, some time
// ago, and drafts the outlines.
func (m *maker) publish(ctx context.Context, a *app.App, n int, author courses.PersonID) ([]catalog.Version, error) {
	past, err := app.Open(ctx, a.Config, app.Options{Clock: func() time.Time { return a.Now().Add(-published) }})
	if err != nil {
		return nil, err
	}
	defer past.Close(ctx)
	actor := cityPublisher(author)
	notice, err := publishNotice(ctx, past, actor)
	if err != nil {
		return nil, err
	}
	if err := draftOutlines(ctx, past, actor); err != nil {
		return nil, err
	}
	if err := enterNotice(ctx, past, actor); err != nil {
		return nil, err
	}
	if err := certify(ctx, past, actor); err != nil {
		return nil, err
	}
	first, err := past.Services.Catalog.Version(ctx, notice.Newest.Version)
	if err != nil {
		return nil, err
	}
	list := []catalog.Version{first}
	for i := range n {
		v, err := m.course(ctx, past, actor, first, i)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, a.Services.Catalog.Refresh(ctx)
}

var (
	topics  = []string{"Tiếp công dân", "Hộ tịch", "Chứng thực", "Quản lý đất đai", "Ngân sách xã", "Chuyển đổi số", "Văn thư, lưu trữ", "An ninh mạng", "Phòng, chống thiên tai", "Dân vận", "Giám sát của Mặt trận", "Cải cách hành chính"}
	aspects = []string{"quy định mới và cách áp dụng", "tình huống thường gặp", "hồ sơ và thời hạn", "phối hợp giữa xã và sở, ngành", "kỹ năng làm việc với người dân"}
	issuers = []courses.UnitID{"SNV", "STP", "SNNMT", "STC", "SKHCN", "TTTP", "MTTQ", "TU-BTGDV", "UBND-VP"}
)

// course publishes an invented course that shows the notice's film.
func (m *maker) course(ctx context.Context, a *app.App, actor courses.Actor, notice catalog.Version, i int) (catalog.Version, error) {
	c := a.Services.Catalog
	title := fmt.Sprintf("%s: %s (%d)", topics[i%len(topics)], aspects[i/len(topics)%len(aspects)], i+1)
	issuer := issuers[i%len(issuers)]
	created, err := c.Create(ctx, actor, fmt.Sprintf("MAU-%03d", i+1), title, issuer)
	if err != nil {
		return catalog.Version{}, err
	}
	content := catalog.Content{
		Title: title, Summary: "Khóa học mẫu để thử hệ thống với số liệu lớn.", Knowledge: pick(m, catalog.Knowledges()), Tiet: 4 * (1 + m.random.IntN(5)),
		Citations: []catalog.Citation{{Number: "129-TB/TU", Verified: true}},
		Modules:   []catalog.Module{{Title: "Nội dung", Lessons: slices.Clone(notice.Content.Modules[0].Lessons)}},
	}
	for j := range content.Modules[0].Lessons {
		content.Modules[0].Lessons[j].ID = ""
	}
	saved, err := c.Save(ctx, actor, created.Course.ID, created.Course.Revision, content)
	if err != nil {
		return catalog.Version{}, err
	}
	done, err := approve(ctx, c, actor, saved)
	if err != nil {
		return catalog.Version{}, fmt.Errorf("publish %s: %w", title, err)
	}
	return c.Version(ctx, done.Course.Newest.Version)
}

// approve takes a draft through its review, without a pilot, and publishes it.
func approve(ctx context.Context, c *catalog.Service, author courses.Actor, e catalog.Editable) (catalog.Editable, error) {
	id := e.Course.ID
	if _, err := c.Submit(ctx, author, id, e.Course.Revision, ""); err != nil {
		return e, err
	}
	reviewer := courses.Actor{Person: "reviewer", Roles: author.Roles}
	for range 2 {
		if _, err := c.Pass(ctx, reviewer, id, catalog.Passing{}); err != nil {
			return e, err
		}
	}
	return c.Publish(ctx, author, id, e.Course.Revision, "")
}

// chunk is how many completions are written at a time.
const chunk = 5000

// complete invents n completions: in round r person i took course i+r, so that
// no pair comes twice.
func (m *maker) complete(ctx context.Context, a *app.App, tree *staff.Tree, people []staff.Person, list []catalog.Version, n int) error {
	began := a.Now().Add(-published)
	enrolments := make([]learning.Enrolment, 0, chunk)
	entries := make([]records.Completion, 0, chunk)
	for i := range n {
		who, round := i%len(people), i/len(people)
		p, v := people[who], list[(who+round)%len(list)]
		at := began.Add(time.Duration(m.random.Int64N(int64(published)))).UTC().Truncate(time.Millisecond)
		e := learning.Finished(p.ID, v, at)
		enrolments, entries = append(enrolments, e), append(entries, entryOf(tree, p, e, v))
		if len(entries) == chunk || i == n-1 {
			if err := keep(ctx, a, enrolments, entries); err != nil {
				return err
			}
			enrolments, entries = enrolments[:0], entries[:0]
		}
	}
	return nil
}

// entryOf is the ledger's entry with the units of the person and the issuer.
func entryOf(tree *staff.Tree, p staff.Person, e learning.Enrolment, v catalog.Version) records.Completion {
	c := learning.EntryOf(e, v)
	c.Unit = tree.ReportUnit(p.Postings[0].Unit, twoTier)
	if u, found := tree.At(c.Unit, twoTier); found {
		c.UnitName = u.FullName
	}
	if u, found := tree.At(v.Owner, twoTier); found {
		c.IssuerName = u.FullName
	}
	return c
}

// keep writes enrolments and their entries, at the same time.
func keep(ctx context.Context, a *app.App, enrolments []learning.Enrolment, entries []records.Completion) error {
	enrolled := make(chan error, 1)
	go func() { enrolled <- a.Services.Learning.Import(ctx, enrolments) }()
	err := a.Services.Records.Import(ctx, entries)
	if e := <-enrolled; err == nil {
		err = e
	}
	return err
}
