using System.Text;
using Harness.Datasets.Text;

namespace Suites.LlmEdge.Neural.Tests;

/// <summary>Text that is easy to foresee.</summary>
static class Texts
{
    public static TextSample[] Training { get; } = [Of("the cat sat on the mat, and the dog sat on the log. ", 20)];

    public static TextSample[] Samples { get; } =
        [Of("the cat sat on the log", 1), Of("the dog sat on the mat, and", 1), Of("mat and log", 1)];

    static TextSample Of(string text, int times) => new(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, times))));
}
