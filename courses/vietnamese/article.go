package vietnamese

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// articleUnits are the parts of documents that citations name, by search key.
var articleUnits = map[string]string{"dieu": "Điều", "muc": "Mục", "phan": "Phần", "chuong": "Chương", "phu luc": "Phụ lục"}

var (
	articleToken = regexp.MustCompile(`[\d\pL]+/?|[,;–—-]`)
	articleNo    = regexp.MustCompile(`^0*([1-9]\d{0,3}[a-zđ]?)$`)
	articleRoman = regexp.MustCompile(`^[ivxl]+$`)
	glued        = regexp.MustCompile(`^([đd])(\d+\pL?)$`) // "Đ5"
)

// mostArticles is how many articles one citation may name, so that "Điều 1–999"
// costs little.
const mostArticles = 200

// Article reads a line of a document's contents, such as "Điều 5. Thẩm quyền":
// its label in the one form in which Articles gives it, and its title.
func Article(line string) (label, title string, found bool) {
	line = norm.NFC.String(strings.TrimSpace(line))
	tokens, ends := articleTokens(line)
	unit, at := articleUnit(tokens, 0)
	if unit == "" || at >= len(tokens) || ends[0] > len(tokens[0]) {
		return "", "", false
	}
	number := articleNumber(unit, tokens[at])
	if number == "" {
		return "", "", false
	}
	return unit + " " + number, strings.TrimSpace(strings.TrimLeft(line[ends[at]:], " .:–—-")), true
}

// Articles lists the labels of the articles that a citation names, however it is
// typed: "khoản 2 Điều 5", "dieu 5" and "Đ.5" name "Điều 5"; "các Điều 5, 7" and
// "Điều 5–7" name each.
func Articles(citation string) []string {
	tokens, _ := articleTokens(norm.NFC.String(citation))
	var labels []string
	for at := 0; at < len(tokens); {
		unit, next := articleUnit(tokens, at)
		if unit == "" {
			at++
			continue
		}
		var numbers []string
		numbers, at = articleNumbers(unit, tokens, next)
		for _, number := range numbers {
			if len(labels) < mostArticles {
				labels = append(labels, unit+" "+number)
			}
		}
	}
	return labels
}

// articleTokens cuts text into words, numbers and what stands between numbers,
// in lower case, and says where each ends.
func articleTokens(text string) (tokens []string, ends []int) {
	for _, at := range articleToken.FindAllStringIndex(text, -1) {
		token := strings.ToLower(text[at[0]:at[1]])
		if short := glued.FindStringSubmatch(token); short != nil {
			tokens, ends = append(tokens, short[1], short[2]), append(ends, at[1]-len(short[2]), at[1])
			continue
		}
		tokens, ends = append(tokens, token), append(ends, at[1])
	}
	return tokens, ends
}

// articleUnit is the unit that stands at a token, and where its number follows.
func articleUnit(tokens []string, at int) (unit string, next int) {
	word := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return SearchKey(tokens[i])
	}
	first, before := word(at), word(at-1)
	switch {
	case first == "d" && before != "diem" && articleNumber("", tokenAt(tokens, at+1)) != "":
		return articleUnits["dieu"], at + 1 // "Đ.5", never the letter of a point
	case first == "phu" && word(at+1) == "luc":
		return articleUnits["phu luc"], at + 2
	case before == "tieu" || before == "danh": // another unit, and a list
		return "", at
	}
	unit = articleUnits[first]
	if unit != articleUnits["dieu"] && HasMarks(tokenAt(tokens, at)) && tokens[at] != strings.ToLower(unit) {
		return "", at // another word, such as "mức"
	}
	return unit, at + 1
}

func tokenAt(tokens []string, at int) string {
	if at < len(tokens) {
		return tokens[at]
	}
	return ""
}

// articleNumber is the one form of a number; empty of what is none. Articles
// have Arabic ones, the other units Roman ones too.
func articleNumber(unit, token string) string {
	if plain := articleNo.FindStringSubmatch(token); plain != nil {
		return plain[1]
	}
	if unit != "" && unit != articleUnits["dieu"] && articleRoman.MatchString(token) {
		return strings.ToUpper(token)
	}
	return ""
}

// articleNumbers reads "5", "5, 7 và 9" or "5 đến 9" and says where that ends.
func articleNumbers(unit string, tokens []string, at int) (numbers []string, next int) {
	number := articleNumber(unit, tokenAt(tokens, at))
	if number == "" {
		return nil, at
	}
	numbers = []string{number}
	for at++; at+1 < len(tokens); {
		following := at + 1
		if again, after := articleUnit(tokens, following); again == unit {
			following = after
		}
		number := articleNumber(unit, tokenAt(tokens, following))
		if number == "" {
			break
		}
		switch SearchKey(tokens[at]) {
		case ",", ";", "va", "hoac":
			numbers = append(numbers, number)
		case "-", "–", "—", "den", "toi":
			numbers = append(numbers, through(numbers[len(numbers)-1], number)...)
		default:
			return numbers, at
		}
		at = following + 1
	}
	return numbers, at
}

// through is the numbers after the first up to the last.
func through(first, last string) []string {
	from, err := strconv.Atoi(first)
	to, wrong := strconv.Atoi(last)
	if err != nil || wrong != nil || to-from > mostArticles {
		return []string{last}
	}
	var list []string
	for n := from + 1; n <= to; n++ {
		list = append(list, strconv.Itoa(n))
	}
	return list
}
