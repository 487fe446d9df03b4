package learning

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"testing"
)

func TestWhatIsOwedDependsOnWhatWasPublishedSince(t *testing.T) {
	for _, c := range []struct {
		name           string
		newest         catalog.Newest
		number, pinned int
		want           Owed
	}{
		{"nothing after the first version", catalog.Newest{Number: 1, Renewed: 1}, 1, 1, Nothing},
		{"nothing after corrections", catalog.Newest{Number: 3, Renewed: 1}, 1, 1, Nothing},
		{"an addition", catalog.Newest{Number: 2, Renewed: 1, Added: 2}, 1, 1, Addition},
		{"an addition that was corrected since", catalog.Newest{Number: 3, Renewed: 1, Added: 2}, 1, 1, Addition},
		{"nothing to those who began with the addition", catalog.Newest{Number: 2, Renewed: 1, Added: 2}, 1, 2, Nothing},
		{"nothing to those who learnt the addition", catalog.Newest{Number: 3, Renewed: 1, Added: 2}, 2, 2, Nothing},
		{"a second addition", catalog.Newest{Number: 3, Renewed: 1, Added: 3}, 2, 2, Addition},
		{"a replacement", catalog.Newest{Number: 4, Renewed: 4}, 1, 3, Renewal},
		{"a replacement with an addition", catalog.Newest{Number: 5, Renewed: 4, Added: 5}, 1, 3, Renewal},
		{"nothing to those who learnt the replacement", catalog.Newest{Number: 4, Renewed: 4}, 4, 4, Nothing},
	} {
		if got := owed(c.newest, c.number, c.pinned); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestASupplementAsksForItsLessonsOnly(t *testing.T) {
	e := Enrolment{Only: []courses.LessonID{"article"}}
	if e.share(ofEachKind) != 0 || e.Resume(ofEachKind) != "article" || !e.Supplement() {
		t.Errorf("begun it stands at %d, %q", e.share(ofEachKind), e.Resume(ofEachKind))
	}
	e = e.Join(map[courses.LessonID]Progress{"article": {Read: true}})
	if e.share(ofEachKind) != 10000 || !e.complete(ofEachKind, noon) || e.Resume(ofEachKind) != "" {
		t.Errorf("read it stands at %d", e.share(ofEachKind))
	}
	e.CompletedAt = &noon
	v := ofEachKind
	v.Content.Title, v.Content.Tiet = "Hộ tịch", 8
	if entry := EntryOf(e, v); entry.Tiet != 0 || entry.CourseTitle != "Hộ tịch (phần bổ sung)" {
		t.Errorf("its entry is %+v", entry)
	}
}
