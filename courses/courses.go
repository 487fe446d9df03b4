// Package courses is the kernel that every room of Hải Đăng shares: typed
// identifiers, refusals, the clock, dates and periods, transactions, actors
// and pages. It imports the standard library only and knows no feature.
package courses
