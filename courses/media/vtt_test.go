package media

import (
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCaptionsAreReadOffAWebVTTFile(t *testing.T) {
	text := "\ufeffWEBVTT - Bài 1\r\nKind: captions\r\n\r\nNOTE by --> nobody\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n" +
		"1\r\n00:01.000 --> 00:02.500 line:0 align:start\r\n<v Giảng viên>Xin cha\u0300o <b.loud>các</b> <c>bạn</c>\r\n\r\n\r\n" +
		"01:00:02.500 --> 01:00:04.000\r\n  A &amp; B &lt; C\r\nd\u00f2ng <00:01.200>hai &lt;tên&gt;\r\n"
	cues, err := ReadVTT(text, 2*3_600_000)
	want := []Cue{
		{1000, 2500, "Xin chào <b>các</b> bạn"},
		{3_602_500, 3_604_000, "A & B < C\ndòng hai <tên>"},
	}
	if err != nil || !slices.Equal(cues, want) {
		t.Fatalf("it has %+v, %v", cues, err)
	}
	written := "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nXin chào <b>các</b> bạn\n\n01:00:02.500 --> 01:00:04.000\nA &amp; B &lt; C\ndòng hai &lt;tên&gt;\n"
	if got := string(WriteVTT(cues)); got != written {
		t.Errorf("it is written as\n%s", got)
	}
	if cues, err := ReadVTT("WEBVTT", 1000); err != nil || len(cues) != 0 {
		t.Errorf("a file of no cues has %+v, %v", cues, err)
	}
}

func TestBadCaptionsNameTheirLine(t *testing.T) {
	vtt := func(lines ...string) string { return "WEBVTT\n\n" + strings.Join(lines, "\n") }
	for _, c := range []struct{ name, text, place, code string }{
		{"nothing", "", "line:1", "no_header"},
		{"another head", "WEBVTTX\n\n", "line:1", "no_header"},
		{"a SubRip file", "1\n00:00:01,000 --> 00:00:02,000\nA\n", "line:1", "no_header"},
		{"another encoding", "WEBVTT\n\n\xe1\xba", "line:1", "encoding"},
		{"a comma in a time", vtt("00:00:01,000 --> 00:00:02,000", "A"), "line:3", "time"},
		{"a time below zero", vtt("-00:01.000 --> 00:02.000", "A"), "line:3", "time"},
		{"sixty seconds", vtt("00:60.000 --> 01:02.000", "A"), "line:3", "time"},
		{"no end", vtt("00:01.000 -->", "A"), "line:3", "time"},
		{"an arrow in the text", vtt("00:01.000 --> 00:02.000", "A", "00:03.000 --> 00:04.000", "B"), "line:3", "time"},
		{"text without a time", vtt("A", "B"), "line:4", "time"},
		{"a name and nothing", vtt("A"), "line:3", "time"},
		{"no text", vtt("00:01.000 --> 00:02.000"), "line:3", "empty"},
		{"no text but marks", vtt("00:01.000 --> 00:02.000", "<b> </b>"), "line:3", "empty"},
		{"an end before its begin", vtt("00:02.000 --> 00:01.000", "A"), "line:3", "backwards"},
		{"no length", vtt("00:02.000 --> 00:02.000", "A"), "line:3", "backwards"},
		{"two at once", vtt("00:01.000 --> 00:03.000", "A", "", "2", "00:02.999 --> 00:04.000", "B"), "line:7", "overlap"},
		{"the wrong order", vtt("00:03.000 --> 00:04.000", "A", "", "00:01.000 --> 00:02.000", "B"), "line:6", "overlap"},
		{"behind the end", vtt("04:59.000 --> 05:01.001", "A"), "line:3", "beyond_end"},
		{"a day", vtt("00:00.000 --> 24:00:00.000", "A"), "line:3", "beyond_end"},
		{"as long as can be written", vtt("00:00.000 --> 9999:59:59.999", "A"), "line:3", "beyond_end"},
		{"more than a minute", vtt("00:00.000 --> 01:00.001", "A"), "line:3", "too_long"},
		{"a novel", vtt("00:00.000 --> 00:30.000", strings.Repeat("ă", 501)), "line:3", "text_too_long"},
	} {
		cues, err := ReadVTT(c.text, 300_000)
		var refusal *courses.Error
		if !errors.As(err, &refusal) || !errors.Is(err, ErrCaptions) || len(refusal.Fields) != 1 || refusal.Fields[0] != (courses.Field{Path: c.place, Code: c.code}) {
			t.Errorf("%s: %+v, %v", c.name, cues, err)
		}
	}
	if _, err := ReadVTT("WEBVTT\n\n00:01.000 --> 00:02.000\n"+strings.Repeat("x", MaxVTT), 300_000); !errors.Is(err, ErrCaptionsSize) {
		t.Errorf("more than 1 MiB: %v", err)
	}
	if _, err := ReadVTT(vtt("00:01.000 --> 00:02.000", "Hµ Néi, H¶i Phßng"), 300_000); !errors.Is(err, vietnamese.ErrLegacyEncoding) {
		t.Errorf("a TCVN3 font: %v", err)
	}
	if cues, err := ReadVTT(vtt("04:59.000 --> 05:01.000", "A"), 300_000); err != nil || len(cues) != 1 {
		t.Errorf("a second behind the end: %v", err)
	}
}

func TestTypedCaptionsAreCheckedAsAFileIs(t *testing.T) {
	cues, err := CleanCues([]Cue{{0, 1000, " A<script>x</script>  <i>B</i>"}, {1000, 2000, "1 < 2 > 1\n\n--> \u202e"}}, 5000)
	if err != nil || !slices.Equal(cues, []Cue{{0, 1000, "Ax <i>B</i>"}, {1000, 2000, "1 < 2 > 1\n-->"}}) {
		t.Errorf("they become %+v, %v", cues, err)
	}
	for code, c := range map[string][]Cue{
		"negative": {{-1, 1000, "A"}}, "overlap": {{0, 1000, "A"}, {999, 2000, "B"}}, "beyond_end": {{0, 1000, "A"}, {4000, 6001, "B"}}, "empty": {{0, 1000, " "}},
		"too_many": make([]Cue, MaxCues+1),
	} {
		_, err := CleanCues(c, 5000)
		var refusal *courses.Error
		if !errors.As(err, &refusal) || len(refusal.Fields) != 1 || refusal.Fields[0] != (courses.Field{Path: fmt.Sprintf("cues[%d]", len(c)-1), Code: code}) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestWrittenCaptionsReadTheSame(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "ệ", "e\u0302\u0323", "<b>", "</b>", "<", ">", "&", "&lt;", "&amp;", "-->", " ", "\n", "\r", "<c.x>", "\u200b", "\x00", "tên", "NOTE ", "WEBVTT"})
	rapid.Check(t, func(t *rapid.T) {
		var cues []Cue
		at := int64(0)
		for range rapid.IntRange(0, 5).Draw(t, "cues") {
			at += rapid.Int64Range(0, 5_000_000).Draw(t, "pause")
			to := at + rapid.Int64Range(1, maxCueMs).Draw(t, "length")
			cues = append(cues, Cue{at, to, strings.Join(rapid.SliceOfN(piece, 1, 20).Draw(t, "text"), "")})
			at = to
		}
		clean, err := CleanCues(cues, 1<<40)
		if err != nil {
			return
		}
		again, err := ReadVTT(string(WriteVTT(clean)), 1<<40)
		if err != nil || !slices.Equal(clean, again) {
			t.Fatalf("%+v\nreads as\n%+v, %v\nthrough\n%s", clean, again, err, WriteVTT(clean))
		}
	})
}

func FuzzReadVTT(f *testing.F) {
	f.Add("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<b>A</b> &amp; B\n\nNOTE x\n")
	f.Add("\ufeffWEBVTT\r\r00:00:01.000 --> 00:00:02.000 align:start\rA\r")
	f.Fuzz(func(t *testing.T, text string) {
		cues, err := ReadVTT(text, 3_600_000)
		if err != nil {
			return
		}
		if again, err := ReadVTT(string(WriteVTT(cues)), 3_600_000); err != nil || !slices.Equal(again, cues) {
			t.Fatalf("%+v\nreads as\n%+v, %v", cues, again, err)
		}
	})
}
