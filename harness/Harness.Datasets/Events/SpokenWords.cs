namespace Harness.Datasets.Events;

/// <summary>The class names of the Heidelberg digits, as its files write them.</summary>
static class SpokenWords
{
    public static IReadOnlyList<string> Digits { get; } =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        "null", "eins", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun",
    ];

    /// <summary>A class as it is pronounced.</summary>
    public static string Spoken(int label) => Digits[label] == "fuenf" ? "fünf" : Digits[label];
}
