package exchange

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/media"
	"haidang/courses/staff"
	"io"
	"os"
	"slices"
)

// Package is a whole course with its files, as it travels from one installation
// to another: a zip with course.json and media/<sha256>.
type Package struct {
	Code      string // of the course where it comes from, as are the two below; imports take none of them over
	Owner     courses.UnitID
	OwnerName string
	Content   catalog.Content
	Questions []assessment.Item // that its quizzes can ask; their ids are those that papers fix, and they have no bank
	Assets    []PackagedAsset   // in the order in which content and questions show them
	// Open reads the source of an asset of the package; whoever calls it closes
	// what it gives.
	Open func(ctx context.Context, a PackagedAsset) (io.ReadCloser, error)
}

// PackagedAsset is a file of a package.
type PackagedAsset struct {
	ID       courses.AssetID // as the content names it
	Name     string
	Kind     media.Kind
	Type     string
	Bytes    int64
	SHA256   string
	Captions []media.Cue
}

// Limits of a package.
const (
	mostPackage  = 2 << 30  // bytes, packed and unpacked
	mostManifest = 20 << 20 // bytes of course.json
)

// Refusals of packages. The fields of ErrPackageMedia and ErrMediaNotReady name
// the asset or the entry of the archive, and one of missing, extra, size, hash,
// twice, kind, unnamed, uploaded and failed.
var (
	ErrNotPackage     = courses.Refusal(courses.Unsupported, "exchange.not_package", "the file is not a package of a course")
	ErrPackageVersion = courses.Refusal(courses.Unsupported, "exchange.package_version", "the package is of a version that this program does not know")
	ErrPackageForm    = courses.Refusal(courses.Invalid, "exchange.package_form", "the package's course.json breaks its form; see fields")
	ErrPackageMedia   = courses.Refusal(courses.Invalid, "exchange.package_media", "the package's files are not those that its course.json names; see fields")
	ErrBankClosed     = courses.Refusal(courses.Forbidden, "exchange.bank_closed", "a quiz asks questions of a bank that the actor may not read, and they would leave with the package")
	ErrPackageSize    = courses.Refusal(courses.TooLarge, "exchange.package_too_large", "the course has more than a package takes: 2 GiB, or 2,000 questions")
	ErrMediaNotReady  = courses.Refusal(courses.Conflict, "exchange.media_not_ready", "a lesson shows a file that is not ready; see fields")
)

func badMedia(path, code string) error {
	return ErrPackageMedia.With(courses.Field{Path: path, Code: code})
}

// Packager moves courses between installations.
type Packager struct {
	catalog    *catalog.Service
	media      *media.Service
	assessment *assessment.Service
	staff      *staff.Service
	clock      courses.Clock
	slot       chan struct{}
}

// NewPackager builds the packager from its parts.
func NewPackager(c *catalog.Service, m *media.Service, a *assessment.Service, s *staff.Service, clock courses.Clock) *Packager {
	return &Packager{catalog: c, media: m, assessment: a, staff: s, clock: clock, slot: make(chan struct{}, 1)}
}

// Export packs the draft of a course, with the questions that its quizzes can ask. It
// refuses with catalog.ErrNoCourse, ErrMediaNotReady, ErrPackageSize and, for what
// belongs to an organisation whose drafts the actor may not read, ErrBankClosed,
// media.ErrNoAsset or courses.ErrForbidden.
func (p *Packager) Export(ctx context.Context, actor courses.Actor, id courses.CourseID) (*PackageFile, error) {
	e, err := p.catalog.Draft(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	tree, err := p.staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	made := Package{Code: e.Course.Code, Owner: e.Course.Owner, OwnerName: string(e.Course.Owner), Content: e.Course.Draft}
	if unit, found := tree.At(e.Course.Owner, p.clock.Today()); found {
		made.OwnerName = unit.FullName
	}
	if made.Questions, err = p.asked(ctx, actor, made.Content); err != nil {
		return nil, err
	}
	shown, files := made.shown(), map[courses.AssetID]media.File{}
	found, err := p.media.Assets(ctx, shown)
	if err != nil {
		return nil, err
	}
	for _, asset := range shown {
		packed, file, err := p.packed(ctx, actor, found, asset)
		if err != nil {
			return nil, err
		}
		made.Assets, files[asset] = append(made.Assets, packed), file
	}
	made.Open = func(ctx context.Context, a PackagedAsset) (io.ReadCloser, error) {
		r, err := p.media.Read(ctx, files[a.ID], 0, a.Bytes)
		if err != nil {
			return nil, err
		}
		return sealed(r, a, fmt.Errorf("the source of %s is not what its asset says: %w", a.ID, io.ErrUnexpectedEOF)), nil
	}
	return NewPackageFile(made)
}

// packed is an asset as a package has it, and its source.
func (p *Packager) packed(ctx context.Context, actor courses.Actor, found map[courses.AssetID]media.Asset, id courses.AssetID) (PackagedAsset, media.File, error) {
	a, there := found[id]
	switch {
	case !there:
		return PackagedAsset{}, media.File{}, ErrMediaNotReady.With(courses.Field{Path: string(id), Code: "missing"})
	case a.State != media.Ready:
		return PackagedAsset{}, media.File{}, ErrMediaNotReady.With(courses.Field{Path: a.Name, Code: string(a.State)})
	}
	captions, err := p.media.Captions(ctx, actor, id)
	if err != nil {
		return PackagedAsset{}, media.File{}, err
	}
	file, err := p.media.Open(ctx, actor, id, "source")
	return PackagedAsset{
		ID: id, Name: a.Name, Kind: a.Kind, Type: a.Type, Bytes: a.Bytes, SHA256: a.SHA256, Captions: captions.Cues,
	}, file, err
}

// Arrived is the course that was made of a package, how many of its questions were
// added to the bank, and how many were there.
type Arrived struct {
	Course       catalog.Editable
	Added, Known int
}

// Import makes a course of an uploaded package, with its content as the draft, its
// files as files of the owner and its questions in the owner's bank, where those that
// say the same are used instead. The course is the last thing that is written:
// whatever is refused, there is none. What is wrong with the package is found before
// its first file is kept; only a store that fails, a file that is not of its type or
// somebody else who takes the code meanwhile leaves files or questions without a
// course, and the next import uses those questions. It refuses as ReadPackage,
// catalog.Service.Add, assessment.Service.Add, media.Service.Keep and KeepPicture do.
func (p *Packager) Import(ctx context.Context, actor courses.Actor, asset courses.AssetID, owner courses.UnitID, code string) (in Arrived, err error) {
	if _, err := p.catalog.Admit(ctx, actor, code, owner, catalog.Content{}); err != nil {
		return in, err
	}
	select { // a package takes gigabytes of this machine's disk: one at a time
	case p.slot <- struct{}{}:
		defer func() { <-p.slot }()
	case <-ctx.Done():
		return in, courses.ErrUnavailable
	}
	err = p.media.Fetch(ctx, actor, asset, func(a media.Asset, file *os.File) error {
		if a.Kind != media.Package {
			return ErrNotPackage
		}
		made, err := ReadPackage(ctx, file, a.Bytes)
		if err != nil {
			return err
		}
		if made.Content, err = p.catalog.Admit(ctx, actor, code, owner, made.Content); err != nil {
			return err
		}
		in, err = p.add(ctx, actor, owner, code, made)
		return err
	})
	return in, err
}

// add makes a course of what was read and admitted.
func (p *Packager) add(ctx context.Context, actor courses.Actor, owner courses.UnitID, code string, made Package) (in Arrived, err error) {
	ids, err := p.standIn(ctx, actor, owner, made)
	if err != nil {
		return in, err
	}
	in.Known = len(ids)
	in.Added = len(made.Questions) - in.Known
	if err := p.keep(ctx, actor, owner, made, ids); err != nil {
		return in, err
	}
	if err := p.ask(ctx, actor, owner, made, ids); err != nil {
		return in, err
	}
	in.Course, err = p.catalog.Add(ctx, actor, code, owner, made.Content)
	return in, err
}

// keep makes assets of the files that the package's content and the questions without
// a stand-in show, and names them there. Pictures of questions come first: they are
// looked into at once.
func (p *Packager) keep(ctx context.Context, actor courses.Actor, owner courses.UnitID, made Package, ids map[courses.ItemID]courses.ItemID) error {
	fresh := Package{Questions: without(made.Questions, ids)}
	asked, shown := fresh.shown(), made.Content.Assets()
	var now, later []PackagedAsset
	total := int64(0)
	for _, a := range made.Assets {
		switch {
		case slices.Contains(asked, a.ID):
			now = append(now, a)
		case slices.Contains(shown, a.ID):
			later = append(later, a)
		default:
			continue
		}
		total += a.Bytes
	}
	if err := p.media.Fits(ctx, actor, owner, total); err != nil {
		return err
	}
	kept := map[courses.AssetID]courses.AssetID{}
	for i, a := range append(now, later...) {
		id, err := p.keepOne(ctx, actor, owner, made, a, i < len(now))
		if err != nil {
			return err
		}
		kept[a.ID] = id
	}
	made.rename(kept)
	return nil
}

// keepOne makes an asset of a file of the package, at once one that is ready if asked.
func (p *Packager) keepOne(ctx context.Context, actor courses.Actor, owner courses.UnitID, made Package, a PackagedAsset, ready bool) (courses.AssetID, error) {
	r, err := made.Open(ctx, a)
	if err != nil {
		return "", err
	}
	var asset media.Asset
	if ready {
		asset, err = p.media.KeepPicture(ctx, actor, owner, a.Name, a.Bytes, r)
	} else {
		asset, err = p.media.Keep(ctx, actor, owner, a.Name, a.Bytes, r, a.Captions...)
	}
	if closed := r.Close(); err == nil {
		err = closed
	}
	return asset.ID, err
}

// rename gives the files that content and questions show their new ids.
func (p Package) rename(kept map[courses.AssetID]courses.AssetID) {
	for _, m := range p.Content.Modules {
		for i := range m.Lessons {
			l := &m.Lessons[i]
			l.Asset = kept[l.Asset]
			for b := range l.Blocks {
				l.Blocks[b].Asset = kept[l.Blocks[b].Asset]
			}
		}
	}
	for i := range p.Questions {
		p.Questions[i].Question.Picture.Asset = kept[p.Questions[i].Question.Picture.Asset]
	}
}
