using System.Globalization;
using System.Text.Json;
using Harness.Results.Tables;

namespace Harness.Results.Tests.Tables;

public sealed class SampleTableTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Predictions =>
    [
        """[3,-2147483648,2147483647]""",
        """[3,9007199254740993,-1]""",
        """[0.5,1e-7,-0.0]""",
        """[0.1,2.2250738585072014e-308,1.7976931348623157e308]""",
        """[-0,1,2]""",
        """["a","","ü\n\"\u0000"]""",
        """["\ud800","b","c"]""",
        """[true,false,null]""",
        """[null,null,null]""",
        """[null,1,2.5]""",
        """[1,"two",[3]]""",
        """[1e999,1,2]""",
        """[{},{},{}]""",
        """[[],[],[]]""",
        """[{"class":3,"scores":[0.25,0.75]},{"class":1,"scores":[0.5,0.5]},{"class":0,"scores":[1,0]}]""",
        """[{"class":3,"scores":[0.25]},{"class":1,"scores":[0.5,0.5]},{"class":0,"scores":[]}]""",
        """[{"a":1,"b":2},{"b":2,"a":1},{"a":1}]""",
        """[{"a.b":1,"a":{"b":2}},{"a.b":1,"a":{"b":2}},{"a.b":1,"a":{"b":2}}]""",
        """[{"a":{"b":[{"c":null}]},"d":"x"},{"a":{"b":[{"c":5}]},"d":"y"},{"a":{"b":[{"c":6}]},"d":"x"}]""",
    ];

    [Theory]
    [MemberData(nameof(Predictions))]
    public async Task A_prediction_comes_back_as_the_same_json_value(string predictions)
    {
        var rows = JsonElement.Parse(predictions).EnumerateArray()
            .Select((value, row) => new SampleRow(row, "t", "a", row == 0 ? null : row == 1, value)).ToArray();
        var back = await SampleTable.ReadAsync(await SampleTable.WriteAsync(rows, null, Cancellation), Cancellation);
        Assert.Equal(rows.Select(row => row with { Prediction = default }), back.Select(row => row with { Prediction = default }));
        Assert.All(rows.Zip(back), pair => Assert.True(Same(pair.First.Prediction, pair.Second.Prediction),
            $"{pair.First.Prediction.GetRawText()} became {pair.Second.Prediction.GetRawText()}"));
    }

    [Fact]
    public async Task Ten_thousand_classified_samples_take_at_most_60_kilobytes()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 10_000).Select(index =>
        {
            var target = random.Next(10);
            var answer = random.Next(20) == 0 ? random.Next(10) : target;
            var prediction = JsonSerializer.SerializeToElement(new { @class = answer, confidence = MathF.Round(random.NextSingle(), 3) });
            return new SampleRow(index, Text(target), Text(answer), target == answer, prediction);
        }).ToArray();
        var bytes = await SampleTable.WriteAsync(rows, null, Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine($"10 000 samples take {bytes.Length} bytes");
        Assert.InRange(bytes.Length, 1, 60_000);
        var back = await SampleTable.ReadAsync(bytes, Cancellation);
        Assert.Equal(rows[9_999].Prediction.GetRawText(), back[9_999].Prediction.GetRawText());
    }

    [Fact]
    public async Task The_same_rows_give_the_same_bytes()
    {
        var rows = Enumerable.Range(0, 500).Select(Example.Sample).ToArray();
        Assert.Equal(await SampleTable.WriteAsync(rows, null, Cancellation), await SampleTable.WriteAsync(rows, null, Cancellation));
    }

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Numbers as the doubles (or exact longs) they denote, everything else as text; member order counts.
    static bool Same(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && left.ValueKind switch
    {
        JsonValueKind.Number when left.TryGetInt64(out var exact) && right.TryGetInt64(out var other) && exact != 0 => exact == other,
        JsonValueKind.Number => BitConverter.DoubleToInt64Bits(left.GetDouble()) == BitConverter.DoubleToInt64Bits(right.GetDouble()),
        JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength()
            && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
        JsonValueKind.Object => left.EnumerateObject().Select(member => member.Name)
            .SequenceEqual(right.EnumerateObject().Select(member => member.Name))
            && left.EnumerateObject().Zip(right.EnumerateObject()).All(pair => Same(pair.First.Value, pair.Second.Value)),
        JsonValueKind.String when left.GetRawText().Contains("\\ud", StringComparison.Ordinal) => left.GetRawText() == right.GetRawText(),
        JsonValueKind.String => left.GetString() == right.GetString(),
        _ => true,
    };
}
