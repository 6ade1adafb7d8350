// sample-worker has no port: it settles imagined orders and writes levelled lines about it.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	tick := time.NewTicker(time.Second)
	say("INFO", "结算任务已启动")
	for order := 1; ; order++ {
		select {
		case received := <-signals:
			say("INFO", fmt.Sprintf("收到 %s,已处理 %d 笔,正常退出", received, order-1))
			return
		case <-tick.C:
			settle(order)
		}
	}
}

func settle(order int) {
	switch took := rand.IntN(400); {
	case took > 390:
		say("ERROR", fmt.Sprintf("订单 %06d 结算失败:对账文件缺失,将重试", order))
	case took > 340:
		say("WARN", fmt.Sprintf("订单 %06d 结算较慢:%d 毫秒", order, took))
	default:
		say("INFO", fmt.Sprintf("订单 %06d 已结算,用时 %d 毫秒", order, took))
	}
}

func say(level, text string) {
	fmt.Printf("%s %-5s %s\n", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), level, text)
}
