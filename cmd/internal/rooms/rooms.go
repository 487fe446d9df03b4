// Package rooms holds, as tests, the rules of which package may import which,
// and a few rules on words that may not stand in the code.
package rooms
