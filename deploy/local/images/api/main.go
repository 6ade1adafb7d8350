// sample-api is a small API that says which version of it answers, where, and to whom; it may call another one.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// version and listenHost are set by the build: one source, three image versions.
var (
	version    = "dev"
	listenHost = "0.0.0.0"
)

type answer struct {
	Service string `json:"service"`
	Version string `json:"version"`
	Cluster string `json:"cluster"`
	Host    string `json:"host"`
}

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	if os.Getenv("CRASH") != "" {
		code, err := strconv.Atoi(os.Getenv("EXIT_CODE"))
		if err != nil {
			code = 1
		}
		log.Printf("CRASH is set: ending with exit code %d", code)
		os.Exit(code)
	}
	host, _ := os.Hostname()
	self := answer{Service: "sample-api", Version: version, Cluster: os.Getenv("BERTH_CLUSTER"), Host: host}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	if host := os.Getenv("LISTEN_HOST"); host != "" {
		listenHost = host
	}
	server := &http.Server{Addr: listenHost + ":" + port, Handler: routes(self), ReadHeaderTimeout: 5 * time.Second}
	// CALLS names addresses that are called once a second: another service by its DNS name, or itself to keep its log alive.
	for _, address := range strings.Fields(os.Getenv("CALLS")) {
		go callEverySecond(address)
	}
	ended := make(chan struct{})
	go stopGracefully(server, ended)
	log.Printf("sample-api %s listens on %s", version, server.Addr)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-ended
	log.Print("stopped, every request was answered")
}

func routes(self answer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		log.Printf("GET / from %s", r.RemoteAddr)
		w.Header().Set("content-type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(self)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if os.Getenv("FAIL_PROBE") != "" || failsByNow(self.Cluster) {
			http.Error(w, "not healthy on purpose", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /env", func(w http.ResponseWriter, r *http.Request) {
		names := os.Environ()
		for i, pair := range names {
			names[i], _, _ = strings.Cut(pair, "=")
		}
		sort.Strings(names)
		fmt.Fprintln(w, strings.Join(names, "\n"))
	})
	mux.HandleFunc("GET /env/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, os.Getenv(r.PathValue("name")))
	})
	return mux
}

var started = time.Now()

// failsByNow: in the cluster FAIL_PROBE_IN the probe fails once the process is as old as FAIL_PROBE_AFTER says.
func failsByNow(cluster string) bool {
	after, err := time.ParseDuration(os.Getenv("FAIL_PROBE_AFTER"))
	return err == nil && cluster == os.Getenv("FAIL_PROBE_IN") && time.Since(started) > after
}

// callEverySecond says how the other answers, and an error only when it is a new one.
func callEverySecond(address string) {
	client := &http.Client{Timeout: 2 * time.Second}
	last := ""
	for range time.Tick(time.Second) {
		reply, err := client.Get(address)
		if err != nil {
			if err.Error() != last {
				log.Printf("ERROR %s cannot be called: %v", address, err)
			}
			last = err.Error()
			continue
		}
		_ = reply.Body.Close()
		if last != reply.Status {
			log.Printf("%s answers %s", address, reply.Status)
		}
		last = reply.Status
	}
}

// stopGracefully answers what is under way and takes no new connection.
func stopGracefully(server *http.Server, ended chan<- struct{}) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	log.Printf("%s received, finishing open requests", <-signals)
	patience, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		log.Printf("not every request could be finished: %v", err)
	}
	close(ended)
}
