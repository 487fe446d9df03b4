package search

import (
	"encoding/binary"
	"haidang/courses"
	"haidang/courses/catalog"
)

// pack writes a text into one piece of memory: a text has hundreds of passages,
// and each would cost a string and more.
func pack(t catalog.Text) []byte {
	size := len(t.Title) + len(t.Kind) + len(t.Lesson) + len(t.File) + 16
	for _, p := range t.Passages {
		size += len(p.Text) + 2*binary.MaxVarintLen32
	}
	b := make([]byte, 0, size)
	for _, s := range []string{string(t.Lesson), string(t.File), string(t.Kind), t.Title} {
		b = packString(b, s)
	}
	for _, p := range t.Passages {
		at := p.At << 1
		if p.Head {
			at |= 1
		}
		b = packString(binary.AppendUvarint(b, uint64(at)), p.Text)
	}
	return append([]byte(nil), b...)
}

func packString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// unpack reads what pack wrote.
func unpack(b []byte) catalog.Text {
	number := func() uint64 {
		n, size := binary.Uvarint(b)
		b = b[size:]
		return n
	}
	next := func() string {
		n := number()
		s := string(b[:n])
		b = b[n:]
		return s
	}
	t := catalog.Text{Lesson: courses.LessonID(next()), File: courses.AssetID(next()), Kind: catalog.LessonKind(next()), Title: next()}
	for len(b) > 0 {
		at := number()
		t.Passages = append(t.Passages, catalog.Passage{At: int64(at >> 1), Head: at&1 == 1, Text: next()})
	}
	return t
}
