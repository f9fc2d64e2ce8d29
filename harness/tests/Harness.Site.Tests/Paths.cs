namespace Harness.Site.Tests;

/// <summary>Pages of the published world that several tests open.</summary>
static class Paths
{
    public const string Board = "suites/spiking-transformers/image-classification-mnist.v1.html";
    public const string Large = "suites/large/grid-mnist.v1.html";
    public const string Run = "runs/01jde934869ce7fed5391.html";
    public const string Nights = "results/spiking-transformers/image-classification-mnist.v1/" +
        "logistic-regression.v1.34bcaa7d.x64-2core-a1b2.t2.html";
}
