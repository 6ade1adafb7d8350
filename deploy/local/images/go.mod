module berth.dev/samples

go 1.24
