package exchange

import (
	"slices"
	"strings"
)

// topicOf is the last part of a category's path: "//" stands for a slash in a
// name, and the roots that Moodle writes are no topic.
func topicOf(category string) string {
	var parts []string
	var part strings.Builder
	for rest := strings.TrimSpace(category); rest != ""; {
		run := len(rest) - len(strings.TrimLeft(rest, "/"))
		switch {
		case run == 0:
			next := strings.IndexByte(rest, '/')
			if next < 0 {
				next = len(rest)
			}
			part.WriteString(rest[:next])
			rest = rest[next:]
			continue
		case run%2 == 1:
			parts = append(parts, part.String())
			part.Reset()
		}
		part.WriteString(strings.Repeat("/", run/2))
		rest = rest[run:]
	}
	parts = append(parts, part.String())
	if slices.Contains([]string{"$course$", "$system$", "$module$", "$cat1$", "$cat2$", "$cat3$"}, strings.TrimSpace(parts[0])) {
		parts = parts[1:]
	}
	if len(parts) > 0 && strings.TrimSpace(parts[0]) == "top" {
		parts = parts[1:]
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.TrimSpace(parts[len(parts)-1])
}

// categoryOf is the path that topicOf reads.
func categoryOf(topic string) string {
	if topic == "" {
		return "$course$/top"
	}
	return "$course$/top/" + strings.ReplaceAll(topic, "/", "//")
}
