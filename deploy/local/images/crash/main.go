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
	say("INFO", "行情推送启动")
	if os.Getenv("DB_URL") == "" {
		time.Sleep(500 * time.Millisecond)
		say("FATAL", "缺少环境变量 DB_URL(DB_URL is not set):行情无处推送,以退出码 78 结束")
		os.Exit(78)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	tick := time.NewTicker(5 * time.Second)
	for pushed := 1; ; pushed++ {
		select {
		case <-signals:
			say("INFO", "收到停止信号,正常退出")
			return
		case <-tick.C:
			say("INFO", fmt.Sprintf("已推送 %d 批行情", pushed))
		}
	}
}

func say(level, text string) {
	fmt.Printf("%s %-5s %s\n", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), level, text)
}
