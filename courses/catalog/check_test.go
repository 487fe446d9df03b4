package catalog

import (
	"errors"
	"haidang/courses"
	"slices"
	"testing"
	"time"
)

// complete is content that may be published, with what is known of its files.
func complete() (Content, map[courses.AssetID]AssetFacts) {
	content := Content{
		Title: "Tiếp công dân", Summary: "Cách tiếp công dân.", Knowledge: "vi_tri_viec_lam", Tiet: 4,
		Citations: []Citation{{Number: "129-TB/TU", Verified: true}},
		Modules: []Module{{ID: "m", Title: "Một", Lessons: []Lesson{
			{ID: "v", Kind: Video, Title: "Phim", Minutes: 80, Asset: "film"},
			{ID: "a", Kind: Article, Title: "Bài đọc", Minutes: 10, Blocks: []Block{paragraph(Inline{Text: "Nội dung."})}},
			{ID: "d", Kind: Document, Title: "Văn bản", Minutes: 10, Asset: "paper"},
		}}},
	}
	return content, map[courses.AssetID]AssetFacts{
		"film":  {Ready: true, Kind: Video, DurationMs: 80 * 60_000, Bytes: 1, Captioned: true},
		"paper": {Ready: true, Kind: Document, Pages: 3, Paged: true, Bytes: 1},
	}
}

func TestPublishingNamesWhatIsMissing(t *testing.T) {
	const first, second = "modules[0].lessons[0]", "modules[0].lessons[1]"
	lesson := func(c *Content, i int) *Lesson { return &c.Modules[0].Lessons[i] }
	type assets = map[courses.AssetID]AssetFacts
	for _, c := range []struct {
		name   string
		change func(*Content, assets)
		want   []Missing
	}{
		{"nothing", func(*Content, assets) {}, nil},
		{"a title", func(c *Content, _ assets) { c.Title = "" }, []Missing{{Code: "title", Path: "title"}}},
		{"a summary", func(c *Content, _ assets) { c.Summary = "" }, []Missing{{Code: "summary", Path: "summary"}}},
		{"a kind of knowledge", func(c *Content, _ assets) { c.Knowledge = "" }, []Missing{{Code: "knowledge", Path: "knowledge"}}},
		{"tiết", func(c *Content, _ assets) { c.Tiet = 0 }, []Missing{{Code: "tiet", Path: "tiet"}}},
		{"a citation", func(c *Content, _ assets) { c.Citations = nil }, []Missing{{Code: "citation", Path: "citations"}}},
		{"a module", func(c *Content, _ assets) { c.Modules = nil }, []Missing{{Code: "module", Path: "modules"}}},
		{"a module's title", func(c *Content, _ assets) { c.Modules[0].Title = "" }, []Missing{{Code: "module_title", Path: "modules[0]"}}},
		{"a lesson", func(c *Content, _ assets) { c.Modules = append(c.Modules, Module{Title: "Hai"}) }, []Missing{{Code: "lesson", Path: "modules[1]", Name: "Hai"}}},
		{"a lesson's title", func(c *Content, _ assets) { lesson(c, 0).Title = "" }, []Missing{{Code: "lesson_title", Path: first}}},
		{"a lesson's length", func(c *Content, _ assets) { lesson(c, 1).Minutes = 0 }, []Missing{{Code: "lesson_minutes", Path: second, Name: "Bài đọc"}}},
		{"an article's text", func(c *Content, _ assets) { lesson(c, 1).Blocks = nil }, []Missing{{Code: "article_empty", Path: second, Name: "Bài đọc"}}},
		{"text in an article of blanks", func(c *Content, _ assets) { lesson(c, 1).Blocks = []Block{paragraph(Inline{Text: " "})} }, []Missing{{Code: "article_empty", Path: second, Name: "Bài đọc"}}},
		{"text in a list of nothing", func(c *Content, _ assets) {
			lesson(c, 1).Blocks = []Block{{Type: "bullets", Items: [][]Inline{{}, {}}}}
		}, []Missing{{Code: "article_empty", Path: second, Name: "Bài đọc"}}},
		{"nothing where a list has the text", func(c *Content, _ assets) {
			lesson(c, 1).Blocks = []Block{{Type: "bullets", Items: [][]Inline{{}, {{Text: "một"}}}}}
		}, nil},
		{"a film's captions", func(_ *Content, a assets) { a["film"] = AssetFacts{Ready: true, Kind: Video} }, []Missing{{Code: "captions", Path: first, Name: "Phim"}}},
		{"nothing of a silent film", func(_ *Content, a assets) { a["film"] = AssetFacts{Ready: true, Kind: Video, Silent: true} }, nil},
		{"a picture's words", func(c *Content, _ assets) {
			lesson(c, 1).Blocks = append(lesson(c, 1).Blocks, Block{Type: Picture, Asset: "pic"})
		}, []Missing{{Code: "picture_alt", Path: second + ".blocks[1]", Name: "Bài đọc"}}},
		{"a picture's file", func(c *Content, _ assets) {
			lesson(c, 1).Blocks = append(lesson(c, 1).Blocks, Block{Type: Picture, Asset: "film", Alt: "x"})
		}, []Missing{{Code: "asset_kind", Path: second + ".blocks[1]", Name: "Bài đọc"}}},
		{"an attachment", func(c *Content, _ assets) {
			lesson(c, 1).Blocks = append(lesson(c, 1).Blocks, Block{Type: File})
		}, []Missing{{Code: "asset_missing", Path: second + ".blocks[1]", Name: "Bài đọc"}}},
		{"a right answer", func(c *Content, _ assets) {
			q := Block{Type: Question, Text: []Inline{{Text: "?"}}, Items: [][]Inline{{{Text: "a"}}, {{Text: "b"}}}}
			lesson(c, 1).Blocks = []Block{q}
		}, []Missing{{Code: "question", Path: second + ".blocks[0]", Name: "Bài đọc"}}},
		{"a document's number", func(c *Content, _ assets) {
			lesson(c, 1).Blocks = append(lesson(c, 1).Blocks, Block{Type: Official})
		}, []Missing{{Code: "official", Path: second + ".blocks[1]", Name: "Bài đọc"}}},
		{"a file", func(c *Content, _ assets) { lesson(c, 0).Asset = "" }, []Missing{{Code: "asset_missing", Path: first, Name: "Phim"}}},
		{"a file that is gone", func(_ *Content, a assets) { delete(a, "film") }, []Missing{{Code: "asset_missing", Path: first, Name: "Phim"}}},
		{"a file that failed", func(_ *Content, a assets) { a["film"] = AssetFacts{Failed: true, Kind: Video} }, []Missing{{Code: "asset_failed", Path: first, Name: "Phim"}}},
		{"a file not looked into", func(_ *Content, a assets) { a["film"] = AssetFacts{Kind: Video} }, []Missing{{Code: "asset_not_ready", Path: first, Name: "Phim"}}},
		{"a file of another kind", func(_ *Content, a assets) { a["film"] = AssetFacts{Ready: true, Kind: Audio} }, []Missing{{Code: "asset_kind", Path: first, Name: "Phim"}}},
		{"a document's pages", func(_ *Content, a assets) { a["paper"] = AssetFacts{Ready: true, Kind: Document, Pages: 3} }, []Missing{{Code: "asset_not_ready", Path: "modules[0].lessons[2]", Name: "Văn bản"}}},
		{"nothing of an attachment without pages", func(c *Content, a assets) {
			a["file"] = AssetFacts{Ready: true, Kind: Document, Pages: 3}
			lesson(c, 1).Blocks = append(lesson(c, 1).Blocks, Block{Type: File, Asset: "file"})
		}, nil},
		{"several things, in their order", func(c *Content, a assets) {
			c.Title, lesson(c, 0).Minutes = "", 0
			delete(a, "film")
			delete(a, "paper")
		}, []Missing{
			{Code: "title", Path: "title"},
			{Code: "lesson_minutes", Path: first, Name: "Phim"},
			{Code: "asset_missing", Path: first, Name: "Phim"},
			{Code: "asset_missing", Path: "modules[0].lessons[2]", Name: "Văn bản"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			content, facts := complete()
			c.change(&content, facts)
			if got := missing(content, facts, nil); !slices.Equal(got, c.want) {
				t.Errorf("missing: %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestAuthorsAreWarned(t *testing.T) {
	tiet := []Missing{{Code: "tiet", Path: "tiet"}}
	lasting := func(a map[courses.AssetID]AssetFacts, minutes int64) {
		a["film"] = AssetFacts{Ready: true, Kind: Video, DurationMs: minutes * 60_000, Captioned: true}
	}
	for _, c := range []struct {
		name   string
		change func(*Content, map[courses.AssetID]AssetFacts)
		want   []Missing
	}{
		{"of nothing", func(*Content, map[courses.AssetID]AssetFacts) {}, nil},
		{"of a citation that nobody verified", func(c *Content, _ map[courses.AssetID]AssetFacts) {
			c.Citations = append(c.Citations, Citation{Number: "12/2026/NĐ-CP"})
		}, []Missing{{Code: "citation", Path: "citations[1]", Name: "12/2026/NĐ-CP"}}},
		{"not of tiết for half of which minutes are typed", func(c *Content, _ map[courses.AssetID]AssetFacts) { c.Modules[0].Lessons[0].Minutes = 70 }, nil},
		{"of more tiết than twice what is typed", func(c *Content, _ map[courses.AssetID]AssetFacts) { c.Modules[0].Lessons[0].Minutes = 69 }, tiet},
		// An article of a minute and a document of three pages stand beside the film.
		{"not of tiết for half of which there is material", func(c *Content, a map[courses.AssetID]AssetFacts) { lasting(a, 83) }, nil},
		{"of more tiết than twice the material", func(c *Content, a map[courses.AssetID]AssetFacts) { lasting(a, 82) }, tiet},
		{"of minutes typed for files that are gone", func(c *Content, a map[courses.AssetID]AssetFacts) { clear(a) }, tiet},
	} {
		content, facts := complete()
		lasting(facts, 90)
		c.change(&content, facts)
		if got := warnings(content, facts); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestOnlyACompleteChangedDraftMakesTheNextVersion(t *testing.T) {
	at := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	clock := func() time.Time { return at }
	content, facts := complete()
	course := func(number, frozen int) Course {
		c := Course{ID: "c", Code: "HCC-01", Owner: "SNV", Draft: content, Revision: 3}
		if number > 0 {
			c.Newest = &Newest{Number: number, Revision: frozen}
		}
		return c
	}
	for _, c := range []struct {
		name     string
		course   Course
		revision int
		class    Class
		facts    map[courses.AssetID]AssetFacts
		err      *courses.Error
		number   int
		kept     Class
	}{
		{"the first version has no class", course(0, 0), 3, Replacement, facts, nil, 1, ""},
		{"a later one has", course(4, 2), 3, Addition, facts, nil, 5, Addition},
		{"a later one without a class", course(1, 2), 3, "", facts, ErrClassNeeded, 0, ""},
		{"a class that is none", course(1, 2), 3, "other", facts, ErrClassNeeded, 0, ""},
		{"a draft that somebody saved meanwhile", course(0, 0), 2, "", facts, courses.ErrConflict, 0, ""},
		{"a draft that is the newest version", course(1, 3), 3, Correction, facts, ErrUnchanged, 0, ""},
		{"a draft that lacks something", course(0, 0), 3, "", nil, ErrIncomplete, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := nextOf(c.course, "p", c.revision, c.class, c.facts, nil, clock)
			if c.err != nil {
				if !errors.Is(err, c.err) {
					t.Errorf("it gives %v, want %v", err, c.err)
				}
				return
			}
			if err != nil || v.Number != c.number || v.Class != c.kept || !v.PublishedAt.Equal(at) || v.PublishedBy != "p" || v.Code != "HCC-01" {
				t.Errorf("it gives %+v, %v", v, err)
			}
			if len(v.Media) != 2 || v.Media["film"] != facts["film"] || v.Media["paper"] != facts["paper"] {
				t.Errorf("its files are frozen as %+v", v.Media)
			}
		})
	}
	_, err := nextOf(course(0, 0), "p", 3, "", nil, nil, clock)
	if want := []courses.Field{{Path: "modules[0].lessons[0]", Code: "asset_missing"}, {Path: "modules[0].lessons[2]", Code: "asset_missing"}}; !slices.Equal(fieldsOf(err), want) {
		t.Errorf("what is missing is named as %+v", fieldsOf(err))
	}
}

func TestCodesAreWhatPeopleCanType(t *testing.T) {
	for code, good := range map[string]bool{
		"HCC-01": true, "ĐV-2026": true, "T9": true, "T": false, "-01": false, "hcc-01": false, "HCC 01": false, "HCC_01": false,
		"HCC-01\n": false, "": false, "ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890123": true, "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678901234": false, "HÀ-01": false,
	} {
		if codeForm.MatchString(code) != good {
			t.Errorf("code %q is taken: %v", code, !good)
		}
	}
}
