package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/media"
)

// PackView is what a device keeps to show a version without a network.
type PackView struct {
	Lessons []PackLesson `json:"lessons" nullable:"false"`
}

// PackLesson is a lesson of a pack; what it says is asked for lesson by lesson.
type PackLesson struct {
	Lesson courses.LessonID `json:"lesson"`
	Files  []PackFile       `json:"files" nullable:"false"`
}

// PackFile is a file that a lesson shows, or the pages of a document.
type PackFile struct {
	Asset     courses.AssetID `json:"asset"`
	URL       string          `json:"url" doc:"Of pages, where they begin: with 1.webp behind it the picture of the first, with 1.txt its text"`
	Bytes     int64           `json:"bytes" doc:"Of pages, all together; 0 when it is small and known once it is fetched"`
	Rendition string          `json:"rendition,omitempty" doc:"Of a recording, of which one is kept: its height, such as 480p, or audio"`
	Pages     int             `json:"pages,omitempty" doc:"How many"`
}

type versionPath struct {
	Version courses.VersionID `path:"version" maxLength:"36"`
}

func (r catalogRoutes) pack(ctx context.Context, _ courses.Actor, in *versionPath) (*body[PackView], error) {
	v, err := r.Catalog.Version(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	assets, err := r.Media.Assets(ctx, v.Content.Assets())
	if err != nil {
		return nil, err
	}
	view := PackView{Lessons: []PackLesson{}}
	v.Content.Lessons(func(l catalog.Lesson) {
		kept := PackLesson{Lesson: l.ID, Files: []PackFile{}}
		for _, id := range l.Alone().Assets() {
			kept.Files = append(kept.Files, packFiles(assets[id])...)
		}
		view.Lessons = append(view.Lessons, kept)
	})
	return &body[PackView]{Body: view}, nil
}

func packFiles(a media.Asset) []PackFile {
	return each(a.Pieces(), func(p media.Piece) PackFile {
		return PackFile{Asset: a.ID, URL: mediaURL(a, p.File), Bytes: p.Bytes, Rendition: p.Rendition, Pages: p.Pages}
	})
}
