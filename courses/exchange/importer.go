package exchange

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/media"
	"os"
	"path"
	"strings"
)

// Importer makes drafts of office documents.
type Importer struct {
	catalog *catalog.Service
	media   *media.Service
}

// NewImporter builds the importer from its parts.
func NewImporter(c *catalog.Service, m *media.Service) *Importer {
	return &Importer{catalog: c, media: m}
}

// Import adds the lessons of an uploaded document to a draft, in a module of
// their own, and stores its pictures. It refuses as ReadDOCX and ReadPPTX do,
// and with what saving a draft refuses; then the draft is as it was.
func (i *Importer) Import(ctx context.Context, actor courses.Actor, course courses.CourseID, revision int, asset courses.AssetID) (catalog.Editable, []Drop, error) {
	e, err := i.catalog.Draft(ctx, actor, course)
	if err == nil && e.Course.Revision != revision {
		err = courses.ErrConflict
	}
	if err != nil {
		return e, nil, err
	}
	var dropped []Drop
	err = i.media.Fetch(ctx, actor, asset, func(a media.Asset, file *os.File) error {
		made, err := readDocument(ctx, a, file)
		if err != nil {
			return err
		}
		dropped = made.Dropped
		if err := i.pictures(ctx, actor, e.Files, made); err != nil {
			return err
		}
		title := made.Title
		if title == "" {
			title = strings.TrimSuffix(a.Name, path.Ext(a.Name))
		}
		content := e.Course.Draft
		content.Modules = append(content.Modules, catalog.Module{Title: title, Lessons: made.Lessons})
		e, err = i.catalog.Save(ctx, actor, course, revision, content)
		return err
	})
	return e, dropped, err
}

// readDocument takes a document apart by its kind.
func readDocument(ctx context.Context, a media.Asset, file *os.File) (Imported, error) {
	switch strings.ToLower(path.Ext(a.Name)) {
	case ".docx":
		return ReadDOCX(ctx, file, a.Bytes)
	case ".pptx":
		return ReadPPTX(ctx, file, a.Bytes)
	}
	return Imported{}, ErrNotDOCX
}

// pictures stores the pictures and names them in the blocks.
func (i *Importer) pictures(ctx context.Context, actor courses.Actor, owner courses.UnitID, made Imported) error {
	kept := make(map[courses.AssetID]courses.AssetID, len(made.Pictures))
	for n, p := range made.Pictures {
		r, err := p.Open()
		if err != nil {
			return err
		}
		a, err := i.media.Keep(ctx, actor, owner, p.Name, p.Bytes, r)
		if closed := r.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
		kept[PictureAsset(n)] = a.ID
	}
	for _, l := range made.Lessons {
		for b := range l.Blocks {
			if id, found := kept[l.Blocks[b].Asset]; found {
				l.Blocks[b].Asset = id
			}
		}
	}
	return nil
}
