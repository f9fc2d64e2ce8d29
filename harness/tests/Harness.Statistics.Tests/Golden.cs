using System.Text.Json;

namespace Harness.Statistics.Tests;

/// <summary>One case of a table of reference answers; the tables are made by goldens.py and goldens.R beside them.</summary>
sealed class Golden(JsonElement json)
{
    static readonly JsonElement Python = Load("python");
    static readonly JsonElement R = Load("r");

    /// <summary>Checks every case of a table; a failure names the case.</summary>
    public static void Each(string table, Action<Golden> check)
    {
        var cases = table.Split('.').Aggregate(R.TryGetProperty(table, out _) ? R : Python, (json, name) => json.GetProperty(name));
        Check(cases, check);
    }

    /// <summary>As <see cref="Each"/>, of a table that both programs have.</summary>
    public static void EachOfR(string table, Action<Golden> check) => Check(R.GetProperty(table), check);

    public double Number(string name) => json.GetProperty(name).GetDouble();
    public int Whole(string name) => json.GetProperty(name).GetInt32();
    public string Text(string name) => json.GetProperty(name).GetString()!;
    public double[] Numbers(string name) => json.GetProperty(name).Deserialize<double[]>()!;
    public string[] Texts(string name) => json.GetProperty(name).Deserialize<string[]>()!;
    public double[][] Rows(string name) => json.GetProperty(name).Deserialize<double[][]>()!;

    static void Check(JsonElement cases, Action<Golden> check)
    {
        Assert.NotEqual(0, cases.GetArrayLength());
        foreach (var item in cases.EnumerateArray())
        {
            try { check(new Golden(item)); }
            catch (Xunit.Sdk.XunitException failure)
            {
                var text = item.GetRawText();
                Assert.Fail($"{failure.Message}\nin {text[..Math.Min(text.Length, 400)]}");
            }
        }
    }

    static JsonElement Load(string name)
    {
        using var stream = typeof(Golden).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<JsonElement>(stream);
    }
}

static class Near
{
    public static void Equal(double expected, double actual, double relative = 1e-9)
    {
        if (expected == actual) return;
        Assert.True(Math.Abs(actual - expected) <= relative * Math.Abs(expected), $"expected {expected:R}, but it is {actual:R}");
    }

    public static void Equal(double low, double high, Interval actual, double relative = 1e-9)
    {
        Equal(low, actual.Low, relative);
        Equal(high, actual.High, relative);
    }
}
