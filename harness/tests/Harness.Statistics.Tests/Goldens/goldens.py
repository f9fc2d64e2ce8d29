"""Reference answers of independent programs. Written by: /usr/bin/python3 goldens.py > python.json
(Debian 12: python3-scipy 1.10.1, python3-statsmodels 0.13.5, python3-mpmath 1.2.1)."""
import itertools
import json
import sys

import mpmath
import numpy as np
import pandas
import scipy
import statsmodels
import statsmodels.formula.api as formula
from scipy import optimize, special, stats
from statsmodels.stats import anova
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

mpmath.mp.dps = 40
rng = np.random.default_rng(20261124)
out = {"origin": f"goldens.py: scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}, "
                 f"mpmath {mpmath.__version__}"}


def rounded(size, places=3, **kwargs):
    return [round(float(x), places) for x in rng.normal(size=size, **kwargs)]


normal = rounded(25)
skewed = [round(float(x), 4) for x in rng.lognormal(size=31)]

out["quantiles"] = [dict(values=values, share=share, expected=float(np.quantile(values, share)))
                    for values in (normal, skewed, [3.0], [2.0, 1.0], [1.0, 1.0, 5.0, 5.0])
                    for share in (0, 0.1, 0.25, 0.5, 0.9, 0.99, 1)]

out["moments"] = []
for values in (normal, skewed, [0.91, 0.92], [1e9 + 1, 1e9 + 2, 1e9 + 4]):
    mean, sd = float(np.mean(values)), float(np.std(values, ddof=1))
    low, high = stats.t.interval(0.95, len(values) - 1, loc=mean, scale=sd / np.sqrt(len(values)))
    out["moments"].append(dict(values=values, mean=mean, deviation=sd, low=float(low), high=float(high)))

out["proportions"] = []
for successes, trials in ((0, 10), (1, 10), (5, 10), (10, 10), (974, 1000), (9812, 10000), (1, 1000000), (999999, 1000000), (1, 1)):
    for level in (0.9, 0.95, 0.999):
        wilson = proportion_confint(successes, trials, 1 - level, "wilson")
        exact = proportion_confint(successes, trials, 1 - level, "beta")
        out["proportions"].append(dict(successes=successes, trials=trials, level=level, wilson=[float(x) for x in wilson],
                                       exact=[0.0 if successes == 0 else float(exact[0]), 1.0 if successes == trials else float(exact[1])]))


def tango_statistic(gains, losses, n, difference):
    """The score statistic with the share of losses that maximizes the likelihood under the hypothesis, found numerically."""
    more_gains, more_losses, rest = max(0.0, difference), max(0.0, -difference), n - gains - losses
    width = (1 - abs(difference)) / 2
    def slope(u):
        return (gains / (u + more_gains) if gains else 0) + (losses / (u + more_losses) if losses else 0) - rest / (width - u)
    ends = width * 1e-15, width * (1 - 1e-12)
    if slope(ends[0]) <= 0:
        u = 0.0
    elif slope(ends[1]) >= 0:
        u = width
    else:
        u = optimize.brentq(slope, *ends, xtol=1e-18, rtol=1e-15)
    variance = n * (2 * (u + more_losses) + difference * (1 - difference))
    return (gains - losses - n * difference) / np.sqrt(variance)


out["pairedDifferences"] = []
for only_first, only_second, n in ((0, 0, 10), (0, 0, 10000), (3, 9, 100), (9, 3, 100), (0, 5, 44), (1, 7, 44), (40, 90, 10000), (7, 0, 50)):
    for level in (0.9, 0.95):
        z = stats.norm.ppf(0.5 + level / 2)
        estimate = (only_second - only_first) / n
        f = lambda d, sign: tango_statistic(only_second, only_first, n, d) - sign * z
        low = optimize.brentq(f, -0.999, estimate - 1e-9, args=(1,), xtol=1e-16, rtol=1e-14)
        high = optimize.brentq(f, estimate + 1e-9, 0.999, args=(-1,), xtol=1e-16, rtol=1e-14)
        out["pairedDifferences"].append(dict(onlyFirst=only_first, onlySecond=only_second, samples=n, level=level, low=low, high=high))


def mcnemar(b, c):
    n, k = b + c, min(b, c)
    if b == c:
        return 1.0
    return float(min(1, 2 * mpmath.fsum(mpmath.binomial(n, i) for i in range(k + 1)) / mpmath.mpf(2) ** n))


out["mcnemar"] = [dict(onlyFirst=b, onlySecond=c, expected=mcnemar(b, c)) for b, c in
                  ((0, 0), (0, 1), (0, 6), (6, 0), (10, 10), (9, 10), (12, 30), (40, 90), (480, 520), (1200, 1350), (49800, 50200))]
assert abs(out["mcnemar"][6]["expected"] - stats.binomtest(12, 42).pvalue) < 1e-15

def beta(a, b, x):
    """The incomplete beta integral; for whole a and b the sum of a binomial tail in 40 digits."""
    if a != int(a) or b != int(b):
        return float(special.betainc(a, b, x))
    a, b, x = int(a), int(b), mpmath.mpf(x)
    n = a + b - 1
    term, total = mpmath.binomial(n, a) * x ** a * (1 - x) ** (n - a), mpmath.mpf(0)
    for j in range(a, n + 1):
        total += term
        term *= (n - j) * x / ((j + 1) * (1 - x))
    return float(total)


out["probability"] = dict(
    betaQuantile=[dict(a=a, b=b, p=p, expected=float(special.betaincinv(a, b, p))) for a, b, p in
                  ((1, 1e6, 0.025), (5000, 5001, 0.025), (500000, 500001, 0.975), (2, 9, 0.025), (1, 10, 1e-9), (0.5, 0.5, 0.2), (30.5, 0.5, 0.01))],
    beta=[dict(a=a, b=b, x=x, expected=beta(a, b, x)) for a, b, x in
          ((1, 1000000, 2.5e-8), (5000, 5001, 0.49), (5, 3, 0.4), (20000, 30001, 0.3995), (0.5, 0.5, 0.1), (3, 40, 0.9), (2, 2, 1e-12))],
    student=[dict(freedom=v, t=t, expected=float(stats.t.cdf(t, v))) for v, t in ((1, -3), (2, 0.7), (4, -10), (9999, -8), (9999, -1.3), (29, 2.0))],
    studentQuantile=[dict(freedom=v, p=p, expected=float(stats.t.ppf(p, v))) for v, p in
                     ((1, 0.975), (1, 0.9999), (2, 0.975), (4, 0.975), (30, 0.995), (100000, 0.975), (7, 0.1))],
    fisher=[dict(above=a, below=b, x=x, expected=float(stats.f.sf(x, a, b))) for a, b, x in ((3, 27, 2.96), (9, 90, 10), (1, 1, 161.4), (4, 36, 0.2))],
    chiSquared=[dict(freedom=k, x=x, expected=float(stats.chi2.sf(x, k))) for k, x in ((1, 3.84), (3, 7.81), (9, 40), (20, 10))],
    binomial=[dict(successes=k, trials=n, share=p, point=float(mpmath.binomial(n, k) * mpmath.mpf(p) ** k * (1 - mpmath.mpf(p)) ** (n - k)))
              for n, k, p in ((10, 3, 0.5), (1000, 480, 0.5), (100000, 49500, 0.5), (2000000, 999000, 0.5), (100, 0, 0.01), (100, 100, 0.99), (500, 495, 0.99))],
    normalRange=[dict(count=k, level=0.95, expected=float(stats.studentized_range.ppf(0.95, k, np.inf))) for k in (2, 3, 5, 10, 20)],
    normalRangeAbove=[dict(count=k, q=q, expected=float(k * mpmath.quad(
        lambda z: mpmath.npdf(z) * (mpmath.ncdf(z) - mpmath.ncdf(z - q)) ** (k - 1), [-9, -3, 0, 3, 9]))) for k, q in ((2, 1.5), (3, 3.3), (8, 4.0), (50, 5.5))],
)


def jackknife(values, statistic):
    without = np.array([statistic(np.delete(values, i)) for i in range(len(values))])
    gap = without.mean() - without
    return float((gap ** 3).sum() / (6 * (gap ** 2).sum() ** 1.5))


out["bootstraps"] = []
for name, statistic in (("mean", np.mean), ("deviation", lambda x, axis=-1: np.std(x, ddof=1, axis=axis))):
    data = np.array(skewed)
    for level in (0.9, 0.95):
        kinds = {method: stats.bootstrap((data,), statistic, n_resamples=499, confidence_level=level, method=method,
                                         random_state=np.random.default_rng(7)) for method in ("BCa", "percentile")}
        bca, percentile = kinds["BCa"], kinds["percentile"]
        assert np.array_equal(bca.bootstrap_distribution, percentile.bootstrap_distribution)
        out["bootstraps"].append(dict(
            statistic=name, values=skewed, level=level, estimate=float(statistic(data)), acceleration=jackknife(data, statistic),
            replicates=[float(x) for x in bca.bootstrap_distribution], standardError=float(bca.standard_error),
            bca=[float(x) for x in bca.confidence_interval], percentile=[float(x) for x in percentile.confidence_interval]))

out["signFlips"] = []
for values in ([1.5, -0.5], normal[:8], normal[3:15], [0.0, 0.0, 1.0, 2.0, -0.5, 3.0], [1.0] * 10):
    for alternative in ("two-sided", "greater", "less"):
        result = stats.permutation_test((np.array(values),), lambda x, axis=-1: np.sum(x, axis=axis), permutation_type="samples",
                                        n_resamples=np.inf, alternative=alternative)
        out["signFlips"].append(dict(values=values, alternative=alternative, expected=float(result.pvalue)))


def exact_by_counting(values):
    """Exact one-sided share for whole numbers, by the counts of every sum."""
    ways = {0: 1}
    for value in values:
        following = {}
        for total, count in ways.items():
            for flipped in (total + value, total - value):
                following[flipped] = following.get(flipped, 0) + count
        ways = following
    total = sum(values)
    return sum(count for reached, count in ways.items() if reached >= total) / 2 ** len(values)


for size in (20, 30, 40):
    whole = [int(x) for x in rng.integers(-20, 30, size)]
    whole = [x if x else 1 for x in whole]
    out["signFlips"].append(dict(values=whole, alternative="greater", expected=exact_by_counting(whole)))


def sign_flip_interval(values, level):
    """Both one-sided tests inverted over every place where their p-value can change."""
    values = np.array(values)
    flips = np.array(list(itertools.product((1, -1), repeat=len(values))))
    means = sorted({round(float(values[list(subset)].mean()), 12) for size in range(1, len(values) + 1)
                    for subset in itertools.combinations(range(len(values)), size)})
    probes = [means[0] - 1] + [(a + b) / 2 for a, b in zip(means, means[1:])] + [means[-1] + 1]
    def p(theta, sign):
        shifted = sign * (values - theta)
        return ((flips @ shifted) >= shifted.sum() - 1e-12).mean()
    tail = (1 - level) / 2
    smallest = 2.0 ** -len(values)
    tail = max(tail, smallest)
    inside_low = [p(theta, 1) > tail + 1e-12 for theta in probes]
    inside_high = [p(theta, -1) > tail + 1e-12 for theta in probes]
    return means[inside_low.index(True) - 1], means[len(probes) - 1 - inside_high[::-1].index(True)]


out["signFlipIntervals"] = []
for values in (normal[:4], normal[:6], normal[5:15]):
    for level in (0.8, 0.95):
        low, high = sign_flip_interval(values, level)
        out["signFlipIntervals"].append(dict(values=values, level=level, low=low, high=high))

out["equivalence"] = []
for values, margin in ((normal, 0.5), (normal, 0.1), ([0.01, -0.02, 0.005, 0.0, 0.01], 0.05), (skewed, 2.0)):
    _, lower, upper = DescrStatsW(values).ttost_mean(-margin, margin)
    out["equivalence"].append(dict(values=values, margin=margin, lower=float(lower[1]), upper=float(upper[1])))

out["multiple"] = []
for p in ([0.01, 0.02, 0.03, 0.04], [0.5], [0.04, 0.01, 0.9, 0.01, 0.2, 0.003], [1.0, 1.0], [round(float(x), 4) for x in rng.uniform(size=12) ** 3]):
    out["multiple"].append(dict(p=p, benjaminiHochberg=[float(x) for x in multipletests(p, method="fdr_bh")[1]],
                                holm=[float(x) for x in multipletests(p, method="holm")[1]]))

out["variance"] = []
for seeds, samples in ((3, 12), (5, 40)):
    scores = (rng.normal(size=(seeds, 1)) * 0.3 + rng.normal(size=(1, samples)) + rng.normal(size=(seeds, samples)) * 0.5 > 0).astype(int)
    frame = pandas.DataFrame([dict(y=int(scores[i, j]), seed=i, sample=j) for i in range(seeds) for j in range(samples)])
    table = anova.anova_lm(formula.ols("y ~ C(seed) + C(sample)", frame).fit())
    ms = table["mean_sq"]
    residual, seed, sample = float(ms["Residual"]), float(ms["C(seed)"]), float(ms["C(sample)"])
    out["variance"].append(dict(
        scores=scores.tolist(), mean=float(scores.mean()), seed=max(0, (seed - residual) / samples), sample=max(0, (sample - residual) / seeds),
        residual=residual, seedError=float(np.std(scores.mean(axis=1), ddof=1) / np.sqrt(seeds)),
        sampleError=float(np.std(scores.mean(axis=0), ddof=1) / np.sqrt(samples))))

out["detectable"] = [dict(deviation=s, pairs=n, alpha=a, power=p, expected=float((stats.norm.ppf(1 - a) + stats.norm.ppf(p)) * s / np.sqrt(n)))
                     for s, n, a, p in ((0.02, 10, 0.01, 0.8), (1.0, 5, 0.05, 0.9), (3.0, 1000, 0.001, 0.5))]

out["friedmans"] = []
tables = [rng.normal(size=(4, 9)).round(2).tolist(), rng.integers(0, 4, size=(5, 8)).astype(float).tolist(),
          (rng.normal(size=(6, 14)) + np.arange(6)[:, None] * 0.6).round(2).tolist()]
for scores in tables:
    statistic, p = stats.friedmanchisquare(*scores)
    k, n = len(scores), len(scores[0])
    f = (n - 1) * statistic / (n * (k - 1) - statistic)
    ranks = np.mean([stats.rankdata([-row[j] for row in scores]) for j in range(n)], axis=0)
    out["friedmans"].append(dict(scores=scores, averageRanks=[float(x) for x in ranks], statistic=float(statistic), p=float(p),
                                imanDavenport=float(stats.f.sf(f, k - 1, (k - 1) * (n - 1))),
                                difference=float(stats.studentized_range.ppf(0.95, k, np.inf) / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n)))))


def least_within(over, share, confidence):
    h = 1
    while stats.binom.cdf(over, h + over, 1 - share) >= 1 - confidence:
        h += 1
    return h


out["earlyStopping"] = [dict(over=t, share=p, confidence=c, expected=least_within(t, p, c)) for t, p, c in
                        ((0, 0.9, 0.99), (1, 0.9, 0.99), (2, 0.9, 0.99), (10, 0.9, 0.99), (1, 0.99, 0.99), (5, 0.99, 0.99), (3, 0.5, 0.95), (1, 0.999, 0.99))]
out["setAside"] = []
for n, p in ((64, 0.9), (100, 0.9), (1000, 0.9), (662, 0.99), (1024, 0.99), (5000, 0.99)):
    aside = max(t for t in range(1, n) if stats.binom.cdf(t, n, 1 - p) < 0.01)
    out["setAside"].append(dict(queries=n, share=p, expected=aside))

out["quantileIntervals"] = []
for n in (5, 20, 100, 1000):
    for share in (0.1, 0.5, 0.9, 0.99):
        for level in (0.9, 0.95):
            tail = (1 - level) / 2
            lower = max(r for r in range(n + 1) if stats.binom.cdf(r - 1, n, share) <= tail)
            upper = min(s for s in range(1, n + 2) if stats.binom.sf(s - 1, n, share) <= tail)
            lower, upper = max(1, lower), min(n, upper)
            out["quantileIntervals"].append(dict(count=n, share=share, level=level, lower=lower, upper=upper, coverage=float(
                stats.binom.cdf(upper - 1, n, share) - stats.binom.cdf(lower - 1, n, share))))

out["deviations"] = [dict(values=v, expected=float(stats.median_abs_deviation(v, scale="normal"))) for v in (normal, skewed, [1.0, 1.0, 1.0, 9.0])]


def energy(x, y):
    x, y = np.array(x), np.array(y)
    between = np.mean([abs(a - b) for a in x for b in y])
    within = [np.mean([abs(a - b) for a, b in itertools.combinations(part, 2)]) for part in (x, y)]
    return float(len(x) * len(y) / (len(x) + len(y)) * (2 * between - within[0] - within[1]))


out["energy"] = [dict(before=a, after=b, expected=energy(a, b)) for a, b in
                 ((normal[:10], normal[10:]), (normal[:2], skewed), (skewed[:20], [x + 2 for x in skewed[:9]]), ([1.0, 1.0, 1.0], [1.0, 1.0, 1.0]))]


def xoshiro(seed, count):
    """xoshiro256** 1.0 and SplitMix64 of prng.di.unimi.it, in whole numbers."""
    mask, state = (1 << 64) - 1, []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        state.append(z ^ (z >> 31))
    rotate = lambda x, k: ((x << k) | (x >> (64 - k))) & mask
    for _ in range(count):
        yield (rotate(state[1] * 5 & mask, 7) * 9) & mask
        shifted = (state[1] << 17) & mask
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = rotate(state[3], 45)


out["chance"] = [dict(seed=str(seed), expected=[str(x) for x in xoshiro(seed, 6)]) for seed in (0, 1, 42, (1 << 64) - 1)]

json.dump(out, sys.stdout, indent=None, separators=(",", ":"))
