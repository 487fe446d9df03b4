package certificates

import (
	"context"
	"encoding/json"
	"fmt"
	"haidang/courses"
	"haidang/courses/records"
	"haidang/courses/staff"
	"haidang/courses/vietnamese"
	"strconv"
	"strings"
)

// Text is all that is printed, as it was when the certificate was issued.
type Text struct {
	Nation      string // quốc hiệu
	Motto       string // tiêu ngữ
	Parent      string // of the issuing body; may be empty
	Issuer      string
	Kind        Kind
	Title       string
	FullName    string       // in capitals
	BirthDate   courses.Date // empty where nobody knows it
	Position    string
	Unit        string
	Course      string
	From, To    courses.Date
	Tiet        int
	ScoreBp     int // of 10000; counts where Scored
	Scored      bool
	Place       string
	On          courses.Date // of issue
	Dated       string       // "Hải Phòng, ngày 05 tháng 02 năm 2026"
	SignerTitle string
	SignerName  string
	Number      string // Số
	Register    string // Số vào sổ
}

// sealed is the text as the seal covers it, with the code that opens it and the entry
// that it attests: JSON with sorted keys. It never changes for a certificate.
func (c Certificate) sealed() (string, error) {
	t := c.Text
	b, err := json.Marshal(map[string]any{
		"code": c.Code, "completion": c.Completion, "nation": t.Nation, "motto": t.Motto, "parent": t.Parent, "issuer": t.Issuer,
		"kind": t.Kind, "title": t.Title, "fullName": t.FullName, "birthDate": t.BirthDate, "position": t.Position, "unit": t.Unit,
		"course": t.Course, "from": t.From, "to": t.To, "tiet": t.Tiet, "scoreBp": t.ScoreBp, "scored": t.Scored, "place": t.Place,
		"on": t.On, "dated": t.Dated, "signerTitle": t.SignerTitle, "signerName": t.SignerName, "number": t.Number, "register": t.Register,
	})
	if err != nil {
		return "", fmt.Errorf("write certificate %s: %w", c.ID, err)
	}
	return string(b), nil
}

// compose writes a certificate of a completion as people, units and settings are now,
// without its number.
func (s *Service) compose(ctx context.Context, c records.Completion, set Settings) (Certificate, error) {
	person, err := s.staff.Person(ctx, c.Person)
	if err != nil {
		return Certificate{}, err
	}
	version, err := s.catalog.Version(ctx, c.Version)
	if err != nil {
		return Certificate{}, err
	}
	now := s.clock.Now()
	cert := Certificate{
		ID: courses.NewID[ID](now), Code: newCode(), Completion: c.ID, Person: c.Person, Course: c.Course, Version: c.Version,
		Issuer: c.Issuer, Unit: c.Unit, Cites: version.Content.Cited(), IssuedAt: now, State: Valid,
		Text: Text{
			Nation: set.Nation, Motto: set.Motto, Parent: set.Parent, Issuer: c.IssuerName, Kind: set.Kind(), Title: set.Title,
			FullName: strings.ToUpper(person.FullName), BirthDate: person.BirthDate, Unit: c.UnitName, Course: c.CourseTitle,
			From: courses.DateOf(c.StartedAt), To: courses.DateOf(c.CompletedAt), Tiet: c.Tiet,
			Place: set.Place, On: courses.DateOf(now), Dated: set.Place + ", " + vietnamese.LongDate(courses.DateOf(now)),
			SignerTitle: set.SignerTitle, SignerName: set.SignerName,
		},
	}
	cert.Year = cert.Text.On.Time().Year()
	if posting, posted := person.HomePosting(cert.Text.To); posted {
		if cert, err = s.posted(ctx, cert, posting); err != nil {
			return Certificate{}, err
		}
	}
	cert.Text.ScoreBp, cert.Text.Scored, err = s.scores.Score(ctx, c.ID)
	return cert, err
}

// posted says where somebody worked, and as what, on the day of completion.
func (s *Service) posted(ctx context.Context, c Certificate, posting staff.Posting) (Certificate, error) {
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return c, err
	}
	c.Unit = posting.Unit
	if unit, found := tree.At(posting.Unit, c.Text.To); found {
		c.Text.Unit = unit.FullName
	}
	list, err := s.staff.Positions(ctx)
	for _, p := range list {
		if p.Code == posting.Position {
			c.Text.Position = p.Title
		}
	}
	return c, err
}

// numbered gives the certificate its place in the register.
func (c Certificate) numbered(number int, suffix string) Certificate {
	c.Number = number
	c.Text.Number = strconv.Itoa(number) + suffix
	c.Text.Register = fmt.Sprintf("%d/%d", number, c.Year)
	return c
}
