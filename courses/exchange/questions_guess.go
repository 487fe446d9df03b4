package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"path"
	"regexp"
	"strings"
)

var (
	looksAiken = regexp.MustCompile(`(?mi)^\s*(ANSWER|Đáp án)\s*:\s*[A-Z]\b`)
	looksGIFT  = regexp.MustCompile(`(?m)\{|^\s*::|^\s*\$CATEGORY:`)
)

// GuessQuestionFormat says in which format a file's questions are: by its content,
// and by its name where that says nothing. It guesses; only ReadQuestions checks.
func GuessQuestionFormat(name string, content []byte) (format QuestionFormat, known bool) {
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return guessArchive(name, content)
	}
	text, err := fileText(content)
	if err != nil {
		return "", false
	}
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		if format, known = guessXML(content); known {
			return format, true
		}
	}
	switch {
	case strings.EqualFold(path.Ext(name), ".gift"):
		return GIFT, true
	case looksAiken.MatchString(text):
		return Aiken, true
	case looksGIFT.MatchString(text):
		return GIFT, true
	}
	return "", false
}

func guessArchive(name string, content []byte) (format QuestionFormat, known bool) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if z == nil {
		return "", false
	}
	for _, f := range z.File {
		switch {
		case strings.EqualFold(f.Name, qtiManifest):
			return QTI, true
		case strings.HasPrefix(f.Name, "xl/"):
			return QuestionSheet, true
		}
	}
	return QuestionSheet, err == nil && strings.EqualFold(path.Ext(name), ".xlsx")
}

// guessXML looks at the first element.
func guessXML(content []byte) (format QuestionFormat, known bool) {
	in := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := in.Token()
		if err != nil {
			return "", false
		}
		if start, is := token.(xml.StartElement); is {
			switch start.Name.Local {
			case "quiz":
				return MoodleXML, true
			case "assessmentItem", "qti-assessment-item":
				return QTI, true
			}
			return "", false
		}
	}
}
