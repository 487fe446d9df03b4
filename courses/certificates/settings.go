package certificates

import (
	"context"
	"haidang/courses"
	"haidang/courses/fields"
	"strings"
	"time"
)

// Settings is what an organisation prints on its certificates from a day on.
type Settings struct {
	Unit        courses.UnitID
	From        courses.Date // the first day on which it counts
	Issues      bool         // certificates are given to whoever asks
	Authorised  bool         // a training body that may issue a chứng chỉ
	Nation      string
	Motto       string
	Parent      string // may be empty
	Title       string
	Place       string
	SignerTitle string
	SignerName  string
	Suffix      string // behind the number: "/GCN-SNV"; may be empty
	SavedAt     time.Time
	SavedBy     courses.PersonID
}

// Kind is what the organisation may issue.
func (s Settings) Kind() Kind {
	if s.Authorised {
		return Qualified
	}
	return Attestation
}

// Lengths of what is printed, in characters.
const (
	mostLine   = 120
	mostSuffix = 30
)

// mostSettings is how many changes of its settings an organisation is shown.
const mostSettings = 50

// usual is the wording that a form begins with. What is printed is what the
// organisation saved.
func (s *Service) usual(ctx context.Context, unit courses.UnitID) (Settings, error) {
	set := Settings{
		Unit: unit, Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc",
		Title: "GIẤY CHỨNG NHẬN HOÀN THÀNH", Place: "Hải Phòng", Suffix: "/GCN",
	}
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return set, err
	}
	today := s.clock.Today()
	u, found := tree.At(unit, today)
	if parent, above := tree.At(u.Parent, today); found && above && parent.Parent != "" {
		set.Parent = parent.FullName
	}
	if found && u.ShortName != "" {
		set.Suffix += "-" + strings.ReplaceAll(u.ShortName, " ", "")
	}
	return set, nil
}

// mayKeep refuses unless the actor publishes for the organisation or administers it.
func (s *Service) mayKeep(ctx context.Context, actor courses.Actor, unit courses.UnitID) error {
	if s.allow.Can(ctx, actor, courses.EditUnit, courses.Object{Unit: unit}) == nil {
		return nil
	}
	return s.allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: unit})
}

// Settings is what an organisation printed and prints, latest day first, and what a
// form begins with where it has printed nothing. Its publishers and administrators may
// read it.
func (s *Service) Settings(ctx context.Context, actor courses.Actor, unit courses.UnitID) (list []Settings, usual Settings, err error) {
	if err := s.mayKeep(ctx, actor, unit); err != nil {
		return nil, usual, err
	}
	if list, err = s.store.SettingsOf(ctx, unit, mostSettings); err != nil {
		return nil, usual, err
	}
	usual, err = s.usual(ctx, unit)
	return list, usual, err
}

// SaveSettings says what an organisation prints from today or a day to come on.
// Publishers and administrators of the organisation may; that it is authorised only an
// administrator says. It refuses with ErrSettings.
func (s *Service) SaveSettings(ctx context.Context, actor courses.Actor, set Settings) error {
	if err := s.mayKeep(ctx, actor, set.Unit); err != nil {
		return err
	}
	if set.From == "" {
		set.From = s.clock.Today()
	}
	if err := set.check(s.clock.Today()); err != nil {
		return err
	}
	was, err := s.store.SettingsOn(ctx, []courses.UnitID{set.Unit}, set.From)
	if err != nil {
		return err
	}
	if set.Authorised != was[set.Unit].Authorised {
		if err := s.allow.Can(ctx, actor, courses.EditUnit, courses.Object{Unit: set.Unit}); err != nil {
			return err
		}
	}
	set.SavedAt, set.SavedBy = s.clock.Now(), actor.Person
	return s.store.SaveSettings(ctx, set)
}

// check cleans the texts and looks at the day.
func (s *Settings) check(today courses.Date) error {
	var k fields.Checker
	for _, f := range []struct {
		path     string
		text     *string
		most     int
		required bool
	}{
		{"nation", &s.Nation, mostLine, true},
		{"motto", &s.Motto, mostLine, true},
		{"parent", &s.Parent, mostLine, false},
		{"title", &s.Title, mostLine, true},
		{"place", &s.Place, mostLine, true},
		{"signerTitle", &s.SignerTitle, mostLine, s.Issues},
		{"signerName", &s.SignerName, mostLine, s.Issues},
		{"suffix", &s.Suffix, mostSuffix, false},
	} {
		k.Text(f.path, f.text, f.most)
		k.Refuse(f.required && *f.text == "", f.path, "required")
	}
	_, err := courses.ParseDate(string(s.From))
	k.Refuse(err != nil, "from", "date")
	k.Refuse(err == nil && s.From < today, "from", "past")
	return k.Err(ErrSettings)
}
