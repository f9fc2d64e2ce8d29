# Reference answers of R. Written by: Rscript goldens.R > r.json
# (Debian 12: r-base-core 4.2.2, r-cran-exactranktests 0.8, r-cran-jsonlite 1.8; exactRankTests allows for ties, which stats does not)
suppressWarnings(suppressMessages({library(exactRankTests); library(jsonlite)}))

normal <- c(0.31, -1.22, 0.87, 2.41, -0.35, 1.08, 0.52, -0.18, 1.77, 0.94, 0.29, 1.31)
tied <- c(1, 1, -1, 2, 2, 3, -3, 0, 0, 4, 5, -1, 2)
long <- round(sin(1:240) * 3 + 0.35, 2)
longTied <- rep(c(1, 2, -1, 3, 2, 0, -2, 1), 40)

signedRank <- list()
for (x in list(normal, normal[1:5], tied, c(1, 2), rep(1, 8)))
  signedRank[[length(signedRank) + 1]] <- list(values = x, expected = wilcox.exact(x[x != 0], exact = TRUE)$p.value)
for (x in list(long, longTied))
  signedRank[[length(signedRank) + 1]] <- list(values = x, expected = suppressWarnings(wilcox.test(x, exact = FALSE, correct = TRUE)$p.value))

hodgesLehmann <- list()
for (x in list(normal, normal[1:8], sort(normal)))
  for (level in c(0.8, 0.9, 0.95)) {
    found <- wilcox.test(x, conf.int = TRUE, conf.level = level, exact = TRUE)
    hodgesLehmann[[length(hodgesLehmann) + 1]] <- list(values = x, level = level, estimate = unname(found$estimate),
      low = found$conf.int[1], high = found$conf.int[2])
  }

range <- lapply(c(2, 3, 4, 7, 12), function(k) list(count = k, level = 0.9, expected = qtukey(0.9, k, Inf)))

friedman <- list()
scores <- matrix(c(3, 1, 2, 4, 4, 2, 1, 1, 5, 3, 3, 2, 1, 1, 2, 2, 4, 5, 6, 1), nrow = 4)
found <- friedman.test(t(scores))
friedman[[1]] <- list(scores = scores, statistic = unname(found$statistic), p = found$p.value)

cat(toJSON(list(origin = paste("goldens.R:", R.version.string), signedRank = signedRank, hodgesLehmann = hodgesLehmann, range = range,
  friedman = friedman), digits = NA, auto_unbox = TRUE))
