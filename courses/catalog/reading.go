package catalog

import "strings"

// How long reading takes. Vietnamese is written syllable by syllable, so what
// stands between blanks is a syllable.
const (
	syllablesPerMinute = 220
	secondsPerPicture  = 12
	secondsPerQuestion = 30
	mostReadingMinutes = 600
)

// ReadingMinutes estimates how long the blocks take to read, in whole minutes
// rounded up: never less than 1 and never more than 600.
func ReadingMinutes(blocks []Block) int {
	syllables, seconds := 0, 0
	for _, b := range blocks {
		syllables += b.syllables()
		switch b.Type {
		case Picture:
			seconds += secondsPerPicture
		case Question:
			seconds += secondsPerQuestion
		}
	}
	seconds += (syllables*60 + syllablesPerMinute - 1) / syllablesPerMinute
	return min(max((seconds+59)/60, 1), mostReadingMinutes)
}

// syllables counts what stands between blanks in all text of the block.
func (b Block) syllables() int {
	n := 0
	for _, text := range b.texts() {
		n += len(strings.Fields(text))
	}
	return n
}

// texts is all text of the block that is read. Runs of one text may part a word;
// items and cells never do.
func (b Block) texts() []string {
	list := []string{said(b.Text)}
	for _, item := range b.Items {
		list = append(list, said(item))
	}
	for _, row := range b.Rows {
		for _, cell := range row {
			list = append(list, said(cell.Text))
		}
	}
	d := b.Document
	return append(list, b.Note, d.Issuer, d.Number, d.Abstract, d.Article)
}
