// sample-crash needs DB_URL and ends with exit code 78 (a wrong configuration) without it.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	fmt.Println("quote-push starts")
	if os.Getenv("DB_URL") == "" {
		time.Sleep(500 * time.Millisecond)
		fmt.Fprintln(os.Stderr, "FATAL DB_URL is not set: no place to push quotes to")
		os.Exit(78)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	fmt.Println("DB_URL is set, quotes flow")
	<-signals
}
