package catalog_test

import (
	"haidang/courses/catalog"
	"strings"
	"testing"
)

func words(n int) []catalog.Inline {
	return []catalog.Inline{{Text: strings.Repeat("chữ ", n)}}
}

func TestReadingTimeIsEstimatedFromTheBlocks(t *testing.T) {
	paragraph := func(n int) catalog.Block { return catalog.Block{Type: catalog.Paragraph, Text: words(n)} }
	several := func(b catalog.Block, n int) []catalog.Block {
		var blocks []catalog.Block
		for range n {
			blocks = append(blocks, b)
		}
		return blocks
	}
	for name, c := range map[string]struct {
		blocks []catalog.Block
		want   int
	}{
		"nothing is a minute":            {nil, 1},
		"a minute of syllables":          {[]catalog.Block{paragraph(220)}, 1},
		"one more is another":            {[]catalog.Block{paragraph(221)}, 2},
		"never more than ten hours":      {[]catalog.Block{paragraph(220 * 1000)}, 600},
		"five pictures are a minute":     {several(catalog.Block{Type: catalog.Picture}, 5), 1},
		"six are more":                   {several(catalog.Block{Type: catalog.Picture}, 6), 2},
		"a caption is read":              {[]catalog.Block{{Type: catalog.Picture, Text: words(220)}}, 2},
		"two questions are a minute":     {several(catalog.Block{Type: catalog.Question}, 2), 1},
		"three are more":                 {several(catalog.Block{Type: catalog.Question}, 3), 2},
		"the answer's reason is read":    {[]catalog.Block{{Type: catalog.Question, Note: strings.Repeat("chữ ", 220)}}, 2},
		"items are read":                 {[]catalog.Block{{Type: catalog.Bullets, Items: [][]catalog.Inline{words(110), words(111)}}}, 2},
		"cells are read":                 {[]catalog.Block{{Type: catalog.Table, Rows: [][]catalog.Cell{{{Text: words(110)}, {Text: words(111)}}}}}, 2},
		"an official head is read":       {[]catalog.Block{{Type: catalog.Official, Document: catalog.DocumentHead{Abstract: strings.Repeat("chữ ", 221)}}}, 2},
		"marks do not part a word":       {several(catalog.Block{Type: catalog.Paragraph, Text: []catalog.Inline{{Text: "Đ"}, {Text: "iều"}}}, 220), 1},
		"the end of an item parts words": {several(catalog.Block{Type: catalog.Bullets, Items: [][]catalog.Inline{{{Text: "một"}}, {{Text: "hai"}}}}, 220), 2},
	} {
		t.Run(name, func(t *testing.T) {
			if got := catalog.ReadingMinutes(c.blocks); got != c.want {
				t.Errorf("%d minutes, want %d", got, c.want)
			}
		})
	}
}
