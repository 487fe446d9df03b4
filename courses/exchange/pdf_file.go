package exchange

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/ascii85"
	"errors"
	"io"
	"maps"
	"slices"
)

const (
	pdfBytes   = 64 << 20
	pdfStreams = 128 << 20 // of all streams together, unpacked
	pdfShows   = 10_000    // of forms, which pages may share
	pdfObjects = 300_000
	pdfPages   = 5_000
)

// pdfFile holds the objects of a PDF. It finds them by reading the file from
// its begin, not by the table at its end: that is as quick, and a table that is
// wrong or hostile matters to nobody.
type pdfFile struct {
	objects  map[pdfRef]any
	offsets  map[pdfRef]int
	trailer  pdfDict
	unpacked int
	shows    int
}

// openPDF refuses with ErrNotPDF, ErrLocked, ErrCorrupt and ErrUnpacked.
func openPDF(ctx context.Context, r io.ReaderAt, size int64) (*pdfFile, error) {
	src := &source{ReaderAt: r, size: size}
	head, err := src.head()
	switch {
	case err != nil:
		return nil, err
	case bytes.HasPrefix(head, oldHead):
		return nil, ErrOld
	case !bytes.Contains(head, []byte("%PDF-")):
		return nil, ErrNotPDF
	case size > pdfBytes:
		return nil, ErrUnpacked
	}
	data := make([]byte, size)
	if n, err := src.ReadAt(data, 0); n < len(data) && err != nil {
		return nil, src.damaged()
	}
	f := &pdfFile{objects: map[pdfRef]any{}, offsets: map[pdfRef]int{}, trailer: pdfDict{}}
	if err := f.scan(ctx, data); err != nil {
		return nil, err
	}
	if err := f.compressed(ctx); err != nil {
		return nil, err
	}
	if f.dict(f.trailer["Root"]) == nil {
		return nil, ErrCorrupt
	}
	return f, nil
}

// scan finds all objects; of two with one number the later is the newer.
func (f *pdfFile) scan(ctx context.Context, data []byte) error {
	l := &pdfLexer{b: data}
	for count := 0; ; count++ {
		if count%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		at := bytes.Index(data[l.pos:], []byte("obj"))
		f.trailers(data[l.pos : l.pos+max(at, 0)])
		if at < 0 {
			f.trailers(data[l.pos:])
			return nil
		}
		at += l.pos
		l.pos = at + len("obj")
		number, is := numberBefore(data[:at])
		if !is {
			continue
		}
		if count > pdfObjects || l.values > pdfValues {
			return ErrUnpacked
		}
		value, _ := l.next()
		if dict, is := value.(pdfDict); is {
			value = l.stream(dict)
		}
		f.objects[number], f.offsets[number] = value, at
	}
}

// numberBefore reads the number of the object that begins here: "12 0 ".
func numberBefore(b []byte) (pdfRef, bool) {
	b = b[max(0, len(b)-30):]
	trimmed := bytes.TrimRight(b, " \r\n\t")
	generation := bytes.TrimRight(trimmed, "0123456789")
	b = bytes.TrimRight(generation, " \r\n\t")
	if len(generation) == len(trimmed) || len(b) == len(generation) {
		return 0, false
	}
	n, digits := 0, 0
	for i, place := len(b)-1, 1; i >= 0 && b[i] >= '0' && b[i] <= '9' && digits < 9; i, place = i-1, place*10 {
		n, digits = n+int(b[i]-'0')*place, digits+1
	}
	return pdfRef(n), digits > 0
}

// stream reads the bytes that follow a dictionary, if they do.
func (l *pdfLexer) stream(dict pdfDict) any {
	from := l.pos
	l.blanks()
	if !bytes.HasPrefix(l.b[l.pos:], []byte("stream")) {
		l.pos = from
		return dict
	}
	l.pos += len("stream")
	if l.pos < len(l.b) && l.b[l.pos] == '\r' {
		l.pos++
	}
	if l.pos < len(l.b) && l.b[l.pos] == '\n' {
		l.pos++
	}
	begin := l.pos
	if n, is := dict["Length"].(float64); is && n >= 0 && n <= float64(len(l.b)-begin) {
		end := begin + int(n)
		if bytes.HasPrefix(bytes.TrimLeft(l.b[end:min(end+20, len(l.b))], "\r\n "), []byte("endstream")) {
			l.pos = end
			return pdfStream{dict, l.b[begin:end]}
		}
	}
	n := bytes.Index(l.b[begin:], []byte("endstream"))
	if n < 0 {
		n = len(l.b) - begin
	}
	l.pos = begin + n
	return pdfStream{dict, l.b[begin:l.pos]}
}

// trailers takes over what trailers between objects say; the last word counts.
func (f *pdfFile) trailers(between []byte) {
	for {
		at := bytes.Index(between, []byte("trailer"))
		if at < 0 {
			return
		}
		between = between[at+len("trailer"):]
		l := &pdfLexer{b: between}
		if value, _ := l.next(); value != nil {
			f.trailed(value)
		}
		between = between[min(l.pos, len(between)):]
	}
}

func (f *pdfFile) trailed(value any) {
	dict, _ := value.(pdfDict)
	for _, key := range []string{"Root", "Info", "Encrypt"} {
		if dict[key] != nil {
			f.trailer[key] = dict[key]
		}
	}
}

// compressed reads the objects that are kept in streams, and the trailers that
// are.
func (f *pdfFile) compressed(ctx context.Context) error {
	numbers := slices.SortedFunc(maps.Keys(f.objects), func(a, b pdfRef) int { return f.offsets[a] - f.offsets[b] })
	for _, number := range numbers {
		s, is := f.objects[number].(pdfStream)
		if !is {
			continue
		}
		switch s.dict["Type"] {
		case pdfName("XRef"):
			f.trailed(s.dict)
		case pdfName("ObjStm"):
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f.unpack(s, f.offsets[number]); err != nil {
				return err
			}
		}
	}
	if f.trailer["Encrypt"] != nil {
		return ErrLocked
	}
	return nil
}

// unpack takes the objects out of a stream of objects.
func (f *pdfFile) unpack(s pdfStream, offset int) error {
	b, err := f.decode(s)
	if err != nil {
		return err
	}
	count, first := f.number(s.dict["N"]), int(f.number(s.dict["First"]))
	head := &pdfLexer{b: b}
	for range int(min(count, pdfElements)) {
		number, more := head.next()
		at, _ := head.next()
		n, is := number.(float64)
		from, known := at.(float64)
		if !more || !is || !known || n < 0 || from < 0 || first+int(from) > len(b) || first < 0 {
			return nil
		}
		ref := pdfRef(int(n))
		if newer, taken := f.offsets[ref]; taken && newer > offset {
			continue
		}
		body := &pdfLexer{b: b, pos: first + int(from)}
		f.objects[ref], _ = body.next()
		f.offsets[ref] = offset
		if len(f.objects) > pdfObjects || body.values > pdfElements {
			return ErrUnpacked
		}
	}
	return nil
}

// get follows references to a value.
func (f *pdfFile) get(v any) any {
	for range 16 {
		ref, is := v.(pdfRef)
		if !is {
			return v
		}
		v = f.objects[ref]
	}
	return nil
}

func (f *pdfFile) dict(v any) pdfDict {
	switch v := f.get(v).(type) {
	case pdfDict:
		return v
	case pdfStream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) list(v any) []any {
	l, _ := f.get(v).([]any)
	return l
}

func (f *pdfFile) number(v any) float64 {
	n, _ := f.get(v).(float64)
	return n
}

// decode unpacks a stream; what is damaged ends where the damage begins. It
// refuses with ErrUnpacked.
func (f *pdfFile) decode(s pdfStream) ([]byte, error) {
	filters := f.list(s.dict["Filter"])
	if name, is := f.get(s.dict["Filter"]).(pdfName); is {
		filters = []any{name}
	}
	parms := f.list(s.dict["DecodeParms"])
	if dict := f.dict(s.dict["DecodeParms"]); dict != nil {
		parms = []any{dict}
	}
	b := s.raw
	for i, filter := range filters[:min(len(filters), 8)] {
		var err error
		if b, err = f.filtered(b, f.get(filter)); err != nil {
			return nil, err
		}
		if i < len(parms) {
			b = f.predicted(b, f.dict(parms[i]))
		}
	}
	return b, nil
}

func (f *pdfFile) filtered(b []byte, filter any) ([]byte, error) {
	switch filter {
	case pdfName("FlateDecode"), pdfName("Fl"):
		z, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, nil //nolint:nilerr // no text is in it
		}
		return f.limited(z)
	case pdfName("ASCII85Decode"), pdfName("A85"):
		b, _, _ = bytes.Cut(b, []byte("~>"))
		return f.limited(ascii85.NewDecoder(bytes.NewReader(b)))
	case pdfName("ASCIIHexDecode"), pdfName("AHx"):
		l := &pdfLexer{b: b}
		return []byte(l.hex()), nil
	}
	return nil, nil // pictures, and ways of packing that nobody uses for text
}

// limited reads what a decoder gives, within what the whole file may unpack to.
func (f *pdfFile) limited(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, mostPartBytes+1))
	f.unpacked += len(b)
	if len(b) > mostPartBytes || f.unpacked > pdfStreams {
		return nil, ErrUnpacked
	}
	if err != nil && len(b) == 0 && !errors.Is(err, io.EOF) {
		return nil, nil //nolint:nilerr // damaged from its first byte on
	}
	return b, nil
}

// predicted undoes the PNG predictors, with which object streams may be packed.
func (f *pdfFile) predicted(b []byte, parms pdfDict) []byte {
	if f.number(parms["Predictor"]) < 10 {
		return b
	}
	width := max(1, int(f.number(parms["Columns"])))
	if width > 1<<16 {
		return nil
	}
	out, above := make([]byte, 0, len(b)), make([]byte, width)
	for len(b) > width {
		kind, row := b[0], b[1:1+width]
		b = b[1+width:]
		for i := range row {
			left, corner := byte(0), byte(0)
			if i > 0 {
				left, corner = row[i-1], above[i-1]
			}
			row[i] += predictor(kind, left, above[i], corner)
		}
		out, above = append(out, row...), row
	}
	return out
}

func predictor(kind, left, up, corner byte) byte {
	switch kind {
	case 1:
		return left
	case 2:
		return up
	case 3:
		return byte((int(left) + int(up)) / 2)
	case 4:
		p := int(left) + int(up) - int(corner)
		a, b, c := abs(p-int(left)), abs(p-int(up)), abs(p-int(corner))
		switch {
		case a <= b && a <= c:
			return left
		case b <= c:
			return up
		}
		return corner
	}
	return 0
}

func abs(n int) int { return max(n, -n) }
