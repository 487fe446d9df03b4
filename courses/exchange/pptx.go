package exchange

import (
	"context"
	"haidang/courses/catalog"
	"io"
	"path"
	"slices"
	"strings"
)

// pptx reads one presentation.
type pptx struct {
	archive *archive
	links   map[string]relation // of the presentation
	album   *album
	dropped drops
	title   string
	lessons []catalog.Lesson
	size    outline // counts blocks and characters of all lessons
}

// ReadPPTX makes a course of a presentation: a lesson for each of its sections,
// or one of all slides. A slide is a heading with its texts, tables and pictures
// below; what the speaker noted is a callout. It refuses as ReadDOCX does, with
// ErrNotPPTX for what is no presentation.
func ReadPPTX(ctx context.Context, r io.ReaderAt, size int64) (Imported, error) {
	a, err := openArchive(r, size, mostUnpacked, ErrNotPPTX)
	if err != nil {
		return Imported{}, err
	}
	part, macros, err := a.mainPart(ErrNotPPTX, "presentationml.presentation.main", "presentationml.slideshow.main", "presentationml.template.main",
		"ms-powerpoint.presentation.macroenabled", "ms-powerpoint.slideshow.macroenabled", "ms-powerpoint.template.macroenabled")
	if err != nil {
		return Imported{}, err
	}
	p := &pptx{archive: a, dropped: drops{}}
	p.album = &album{archive: a, dropped: p.dropped, known: map[string]int{}}
	if macros {
		p.dropped.add(DropMacro)
	}
	if p.links, err = a.relations(part); err != nil {
		return Imported{}, err
	}
	p.dropped.elsewhere(p.links)
	if p.title, err = a.coreTitle(); err != nil {
		return Imported{}, err
	}
	if slices.Contains(unnamed, p.title) {
		p.title = ""
	}
	root, err := a.whole(part)
	if err != nil {
		return Imported{}, err
	}
	if err := p.slides(ctx, root); err != nil {
		return Imported{}, err
	}
	return p.imported()
}

// slides reads the slides in their order.
func (p *pptx) slides(ctx context.Context, root *node) error {
	sections := sectionsOf(root)
	last := -1
	for _, s := range root.child("sldIdLst").children {
		if err := ctx.Err(); err != nil {
			return err
		}
		section, sectioned := sections[s.attr("id")]
		if !sectioned && len(sections) > 0 && last < 0 {
			section.title = openingLesson
		} else if !sectioned {
			section.index = max(last, 0) // it stays with the slides before
		}
		if section.index != last || len(p.lessons) == 0 {
			p.lessons = append(p.lessons, catalog.Lesson{Kind: catalog.Article, Title: section.title})
			last = section.index
		}
		if err := p.slide(ctx, p.links[s.link("id")].target); err != nil {
			return err
		}
	}
	return nil
}

// section is a named run of slides.
type section struct {
	index int // from 1; 0 is what stands in none
	title string
}

// sectionsOf gives the section of each slide by the slide's id.
func sectionsOf(root *node) map[string]section {
	sections := map[string]section{}
	index := 0
	for n := range root.child("extLst").all() {
		if n.name != "section" {
			continue
		}
		index++
		for _, s := range n.child("sldIdLst").children {
			sections[s.attr("id")] = section{index, strings.Join(strings.Fields(n.attr("name")), " ")}
		}
	}
	return sections
}

func (p *pptx) imported() (Imported, error) {
	made := slices.DeleteFunc(p.lessons, func(l catalog.Lesson) bool { return len(l.Blocks) == 0 })
	if len(made) == 0 {
		return Imported{}, ErrEmpty
	}
	for i := range made {
		if made[i].Title == "" {
			made[i].Title = p.title
		}
		if made[i].Title == "" {
			made[i].Title = untitledLesson
		}
	}
	made, err := measured(made)
	if err != nil {
		return Imported{}, err
	}
	return Imported{Title: p.title, Lessons: made, Pictures: p.album.pictures, Dropped: p.dropped.list()}, nil
}

// slide reads one slide with its notes.
func (p *pptx) slide(ctx context.Context, part string) error {
	f := p.archive.find(part)
	if f == nil {
		return ErrCorrupt
	}
	root, err := p.archive.whole(part)
	if err != nil {
		return err
	}
	if show := root.attr("show"); show == "0" || show == "false" {
		p.dropped.add(DropSlide)
		return nil
	}
	s := &slide{pptx: p}
	if s.links, err = p.archive.relations(part); err != nil {
		return err
	}
	p.dropped.elsewhere(s.links)
	if err := s.shapes(ctx, root.at("cSld", "spTree")); err != nil {
		return err
	}
	if err := s.notes(linked(s.links, "notesSlide")); err != nil {
		return err
	}
	return p.add(s)
}

// add puts a slide's blocks into the lesson that stands last.
func (p *pptx) add(s *slide) error {
	blocks := s.blocks
	if s.title != "" {
		blocks = append([]catalog.Block{heading(s.title)}, blocks...)
		if p.title == "" {
			p.title = s.title
		}
	}
	for _, b := range blocks {
		if err := p.size.add(b, 0); err != nil {
			return err
		}
	}
	last := &p.lessons[len(p.lessons)-1]
	last.Blocks = append(last.Blocks, blocks...)
	return nil
}

// unnamed are the titles that PowerPoint gives a presentation itself, for want
// of a title on its first slide.
var unnamed = []string{"PowerPoint Presentation", "Bản trình bày PowerPoint", "Slide 1"}

// slide is one slide as read.
type slide struct {
	pptx   *pptx
	links  map[string]relation
	title  string
	blocks []catalog.Block
}

// shapes reads the shapes of a slide or a group in their order.
func (s *slide) shapes(ctx context.Context, tree *node) error {
	for _, n := range tree.children {
		var err error
		switch n.name {
		case "sp":
			s.shape(n)
		case "grpSp":
			err = s.shapes(ctx, n)
		case "AlternateContent":
			err = s.shapes(ctx, alternative(n))
		case "pic":
			err = s.picture(ctx, n)
		case "graphicFrame":
			s.frame(n)
		case "contentPart":
			s.pptx.dropped.add(DropObject)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *slide) picture(ctx context.Context, n *node) error {
	if nv := n.at("nvPicPr", "nvPr"); nv.has("videoFile") || nv.has("audioFile") || nv.has("wavAudioFile") || nv.has("quickTimeFile") {
		s.pptx.dropped.add(DropObject)
		return nil
	}
	id, alt := blip(n)
	if id == "" {
		return nil
	}
	b, taken, err := s.pptx.album.block(ctx, s.links[id], alt)
	if taken {
		s.blocks = append(s.blocks, b)
	}
	return err
}

// frame reads a table; charts and the like are counted.
func (s *slide) frame(n *node) {
	data := n.at("graphic", "graphicData")
	if data.has("tbl") {
		s.table(data.child("tbl"))
		return
	}
	s.pptx.dropped.graphic(path.Clean(data.attr("uri")))
}

// shape reads the text of a shape as what its place on the slide says.
func (s *slide) shape(n *node) {
	place := n.at("nvSpPr", "nvPr", "ph")
	lines := s.lines(n.child("txBody"))
	if len(lines) == 0 {
		return
	}
	switch kind := place.attr("type"); {
	case kind == "dt" || kind == "ftr" || kind == "sldNum" || kind == "hdr":
	case (kind == "title" || kind == "ctrTitle") && s.title == "":
		s.title = joinedLines(lines)
	case len(lines) == 1:
		s.blocks = append(s.blocks, catalog.Block{Type: catalog.Paragraph, Text: lines[0].text})
	case place.name == "" || kind == "subTitle":
		s.blocks = append(s.blocks, passages(lines, catalog.Paragraph)...)
	default:
		s.blocks = append(s.blocks, passages(lines, catalog.Bullets)...)
	}
}

// notes adds what the speaker noted.
func (s *slide) notes(part string) error {
	root, err := s.pptx.archive.whole(part)
	if err != nil {
		return err
	}
	for n := range root.at("cSld", "spTree").all("sp") {
		if n.name != "sp" || n.at("nvSpPr", "nvPr", "ph").attr("type") != "body" {
			continue
		}
		for _, l := range s.lines(n.child("txBody")) {
			s.blocks = append(s.blocks, catalog.Block{Type: catalog.Callout, Style: "note", Text: l.text})
		}
	}
	return nil
}
