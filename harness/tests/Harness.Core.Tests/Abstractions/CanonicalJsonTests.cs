using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Harness.Core.Tests.Abstractions;

public sealed class CanonicalJsonTests
{
    // RFC 8785, appendix B: the bits of a number and its text
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void A_number_is_written_as_RFC_8785_says(ulong bits, string expected) =>
        Assert.Equal(expected, CanonicalJson.Write(BitConverter.UInt64BitsToDouble(bits)));

    [Theory]
    [InlineData(0x7fffffffffffffff)]
    [InlineData(0x7ff0000000000000)]
    [InlineData(0xfff0000000000000)]
    public void What_is_no_number_has_no_form(ulong bits) =>
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(BitConverter.UInt64BitsToDouble(bits)));

    [Fact]
    public void A_number_too_large_for_a_double_has_no_form() =>
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(Parse("1e400")));

    // numbers.js, by node
    [Fact]
    public void Numbers_are_written_as_ECMAScript_writes_them()
    {
        using var stream = typeof(CanonicalJsonTests).Assembly.GetManifestResourceStream("numbers.json")!;
        var table = JsonSerializer.Deserialize<string[][]>(stream)!;
        Assert.True(table.Length > 300);
        foreach (var row in table)
            Assert.Equal((row[0], row[1]),
                (row[0], CanonicalJson.Write(BitConverter.UInt64BitsToDouble(ulong.Parse(row[0], NumberStyles.HexNumber)))));
    }

    [Fact]
    public void A_number_is_read_back_as_it_was() => Gen.Double.Where(double.IsFinite).Sample(value =>
        double.Parse(CanonicalJson.Write(value), CultureInfo.InvariantCulture) == value);

    // RFC 8785, section 3.2.2
    [Fact]
    public void The_sample_of_the_RFC_has_the_form_of_the_RFC()
    {
        var sample = Parse("""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """);
        Assert.Equal("""
            {"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],
            "string":"€$\u000f\nA'B\"\\\\\"/"}
            """.ReplaceLineEndings(""), CanonicalJson.Write(sample));
    }

    // RFC 8785, section 3.2.3
    [Fact]
    public void Keys_are_sorted_by_UTF_16_code_units()
    {
        var sample = Parse("""
            {
              "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """);
        Assert.Equal(["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh"], Parse(CanonicalJson.Write(sample)).EnumerateObject()
                .Select(member => member.Value.GetString()!));
    }

    [Fact]
    public void Only_what_must_be_escaped_is() =>
        Assert.Equal("\"\\b\\f\\n\\r\\t\\\"\\\\\\u0000\\u001f/\u007f\u2028<&+'\"",
            CanonicalJson.Write("\b\f\n\r\t\"\\\0\u001f/\u007f\u2028<&+'"));

    [Fact]
    public void The_order_of_keys_and_the_spaces_do_not_change_the_hash()
    {
        var (one, other) = (Parse("""{"b":[1.0,{"d":1,"c":2}],"a":null}"""),
            Parse("""{ "a" : null, "b" : [ 1, { "c" : 2e0, "d" : 1 } ] }"""));
        Assert.Equal(CanonicalJson.Write(one), CanonicalJson.Write(other));
        Assert.Equal(CanonicalJson.Hash(one), CanonicalJson.Hash(other));
    }

    [Fact]
    public void The_hash_is_sha_256_of_the_utf_8_form()
    {
        Assert.Equal("""{"name":"é"}""", CanonicalJson.Write(new { Name = "é" }));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("""{"name":"é"}"""))),
            CanonicalJson.Hash(new { Name = "é" }));
    }

    [Fact]
    public void Empty_things_stay() =>
        Assert.Equal("""{"list":[],"map":{},"text":""}""", CanonicalJson.Write(Parse("""{"map":{},"list":[],"text":""}""")));

    [Fact]
    public void Records_are_camel_case_with_words_for_enums_and_without_nulls() => Assert.Equal("""{"metric":"m","state":"infra_error"}""",
        CanonicalJson.Write(new { State = RunState.InfraError, Metric = "m", Reason = (string?)null }));

    [Fact]
    public void A_form_is_its_own_form() => Values.Sample(value =>
    {
        var form = CanonicalJson.Write(Parse(JsonSerializer.Serialize(value)));
        return CanonicalJson.Write(Parse(form)) == form;
    });

    // Surrogates are left out: half a character is no text.
    static Gen<Dictionary<string, double[]>> Values =>
        Gen.Dictionary(Gen.Char['\0', '\ud7ff'].Array[0, 6].Select(letters => new string(letters)),
        Gen.Double.Where(double.IsFinite).Array[0, 3])[0, 5];

    static JsonElement Parse(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
