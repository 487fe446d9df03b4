package media

import (
	"errors"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The long names are written out once: 200 letters are taken, 201 are not.
var (
	longest = strings.Repeat("ă", 196) + ".mp4"
	tooLong = "ă" + longest
)

func TestFileNamesHaveNoPathAndNoTricks(t *testing.T) {
	for _, c := range []struct{ name, in string }{
		{"the folder above", "../bai.mp4"},
		{"the folder above in the middle", "a/../bai.mp4"},
		{"the folder above of Windows", `..\bai.mp4`},
		{"an absolute path", "/etc/bai.mp4"},
		{"a drive", `C:\bai.mp4`},
		{"a leading dot", ".bai.mp4"},
		{"nothing but a type", ".mp4"},
		{"a leading dot after blanks", "  .mp4"},
		{"a leading dot after an invisible sign", "\u200b.mp4"},
		{"nothing", ""},
		{"nothing but blanks", " \t\u00a0 "},
		{"nothing but control characters", "\x00\x01\x7f"},
		{"201 characters", tooLong},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := cleanName(c.in); !errors.Is(err, ErrName) {
				t.Errorf("cleanName(%q) = %q, %v; want ErrName", c.in, got, err)
			}
		})
	}
}

func TestFileNamesAreKeptInOneForm(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a Vietnamese name with spaces", "Bài giảng số 1.mp4", "Bài giảng số 1.mp4"},
		{"decomposed letters", "Ba\u0300i gia\u0309ng.mp4", "Bài giảng.mp4"},
		{"control characters go", "bai\x00\x1b[31m\x7f.mp4", "bai[31m.mp4"},
		{"line ends become blanks", "bai\r\nSet-Cookie: a.mp4", "bai Set-Cookie: a.mp4"},
		{"blanks around it go", "  bai.mp4\u00a0", "bai.mp4"},
		{"dots in the middle stay", "TB 129..TU.v2.pdf", "TB 129..TU.v2.pdf"},
		{"a quote stays", `"bai".mp4`, `"bai".mp4`},
		{"200 characters", longest, longest},
		{"signs that turn the direction go", "bai\u202e4pm.\u2066exe.mp4", "bai4pm.exe.mp4"},
		{"a broken byte goes", "b\xffai.mp4", "bai.mp4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := cleanName(c.in); err != nil || got != c.want {
				t.Errorf("cleanName(%q) = %q, %v; want %q", c.in, got, err, c.want)
			}
		})
	}
	if got, err := cleanName("Hµ Néi, H¶i Phßng.mp4"); !errors.Is(err, vietnamese.ErrLegacyEncoding) {
		t.Errorf("a TCVN3 name gives %q, %v", got, err)
	}
}

func TestACleanNameIsHarmlessAndCleansToItself(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "ệ", "e\u0302\u0323", ".", "/", `\`, " ", "\x00", "\n", "\u202e", "\u200b", "\ufeff", "\"", ".mp4", "..", "\xff", "µ"})
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "")
		name, err := cleanName(in)
		if err != nil {
			return
		}
		if name == "" || name[0] == '.' || strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, unicode.IsControl) ||
			!utf8.ValidString(name) || utf8.RuneCountInString(name) > 200 {
			t.Fatalf("%q becomes %q", in, name)
		}
		if again, err := cleanName(name); err != nil || again != name {
			t.Fatalf("%q cleans again to %q, %v", name, again, err)
		}
	})
}

func TestTheTypeIsReadOffTheNameBeforeTheFirstByte(t *testing.T) {
	for _, c := range []struct {
		name  string
		bytes int64
		kind  Kind
		media string
		err   *courses.Error
	}{
		{"bai.mp4", 1, Video, "video/mp4", nil},
		{"BAI.MP4", 2 << 30, Video, "video/mp4", nil},
		{"bai.m4v", 1, Video, "video/mp4", nil},
		{"bai.webm", 1, Video, "video/webm", nil},
		{"bai.mp3", 200 << 20, Audio, "audio/mpeg", nil},
		{"bai.M4a", 1, Audio, "audio/mp4", nil},
		{"bai.ogg", 1, Audio, "audio/ogg", nil},
		{"bai.v2.pdf", 1, Document, "application/pdf", nil},
		{"so do.PNG", 40 << 20, Image, "image/png", nil},
		{"so do.jpeg", 1, Image, "image/jpeg", nil},
		{"so do.webp", 1, Image, "image/webp", nil},
		{"so do.jpg", 40<<20 + 1, "", "", ErrSize},
		{"bai.gif", 1, "", "", ErrType},
		{"bai.mp4", 2<<30 + 1, "", "", ErrSize},
		{"bai.mp3", 200<<20 + 1, "", "", ErrSize},
		{"bai.pdf", 200<<20 + 1, "", "", ErrSize},
		{"bai.pdf", 0, "", "", ErrSize},
		{"bai.pdf", -1, "", "", ErrSize},
		{"bai.exe", 1, "", "", ErrType},
		{"bai.pdf.html", 1, "", "", ErrType},
		{"bai.svg", 1, "", "", ErrType},
		{"bai.zip", 2 << 30, Package, "application/zip", nil},
		{"bai.zip", 2<<30 + 1, "", "", ErrSize},
		{"bai.rar", 1, "", "", ErrType},
		{"bai.mp4 ", 1, "", "", ErrType},
		{"bai", 1, "", "", ErrType},
		{"mp4", 1, "", "", ErrType},
	} {
		f, err := formatOf(c.name, c.bytes)
		if c.err != nil {
			if !errors.Is(err, c.err) {
				t.Errorf("%q of %d bytes gives %v, want %v", c.name, c.bytes, err, c.err)
			}
			continue
		}
		if err != nil || f.kind != c.kind || f.media != c.media {
			t.Errorf("%q of %d bytes gives %s %s, %v", c.name, c.bytes, f.kind, f.media, err)
		}
	}
}

func TestTheFirstBytesHaveToBeThoseOfTheType(t *testing.T) {
	starts := map[string]string{
		".mp4": "\x00\x00\x00\x20ftypisom", ".webm": "\x1a\x45\xdf\xa3\x01", ".ogg": "OggS\x00", ".pdf": "%PDF-1.7",
		".mp3": "ID3\x04", ".png": "\x89PNG\r\n\x1a\n\x00", ".jpg": "\xff\xd8\xff\xe0\x00", ".webp": "RIFF\x00\x00\x00\x00WEBPVP8 ", "zip": "PK\x03\x04\x14\x00", "html": "<html>", "empty": "", "three bytes": "\x00\x00\x00", "exe": "MZ\x90",
	}
	for ext, f := range formats {
		own := starts[ext]
		switch ext {
		case ".m4v", ".m4a":
			own = starts[".mp4"]
		case ".jpeg":
			own = starts[".jpg"]
		case ".docx", ".pptx", ".zip":
			own = starts["zip"]
		}
		for name, start := range starts {
			if got := f.begins([]byte(start)); got != (start == own) {
				t.Errorf("a file that begins as %s is taken for %s: %v", name, ext, got)
			}
		}
	}
	if mp3 := formats[".mp3"]; !mp3.begins([]byte("\xff\xfb\x90\x64")) || mp3.begins([]byte("\xff\xd8\xff\xe0")) {
		t.Error("an MP3 without tags begins with a frame, a JPEG does not")
	}
}

func TestPartsAddUpToTheFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(
			rapid.Int64Range(1, maxVideo),
			rapid.SampledFrom([]int64{1, PartBytes - 1, PartBytes, PartBytes + 1, 2 * PartBytes, maxVideo}),
		).Draw(t, "size")
		u := Upload{Bytes: size}
		total := int64(0)
		for n := 1; n <= u.PartCount(); n++ {
			part := u.PartSize(n)
			if part < 1 || part > PartBytes || n < u.PartCount() && part != PartBytes {
				t.Fatalf("part %d of %d has %d bytes", n, u.PartCount(), part)
			}
			total += part
		}
		if total != size {
			t.Fatalf("the parts have %d bytes, the file %d", total, size)
		}
		for _, n := range []int{-1, 0, u.PartCount() + 1, 1 << 30} {
			if u.PartSize(n) != 0 {
				t.Fatalf("there is a part %d of %d", n, u.PartCount())
			}
		}
	})
}

func TestAnUploadSaysWhichPartsItHasInOrder(t *testing.T) {
	u := Upload{Parts: []Part{{Number: 3}, {Number: 1}, {Number: 2}}}
	if have := u.Have(); len(have) != 3 || have[0] != 1 || have[1] != 2 || have[2] != 3 {
		t.Errorf("it has %v", have)
	}
}
