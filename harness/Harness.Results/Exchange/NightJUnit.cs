using System.Globalization;
using System.Text;
using System.Xml;

namespace Harness.Results.Exchange;

/// <summary>
/// A night as JUnit XML: a test case for each comparison, failed by a regression, skipped where the night could not tell.
/// </summary>
static class NightJUnit
{
    static readonly HashSet<string> Undecided = new(StringComparer.Ordinal) { "unknown", "held", "quarantined" };

    public static void Write(NightReport night, TextWriter text)
    {
        var cases = night.Nightly.OrderBy(found => found.Entry!.Series, StringComparer.Ordinal).ToList();
        using var xml = XmlWriter.Create(text, new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) });
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", "harness nightly");
        xml.WriteAttributeString("id", night.Session);
        xml.WriteAttributeString("hostname", night.Device);
        Count(xml, "tests", cases.Count + night.Unmeasured.Count);
        Count(xml, "failures", cases.Count(NightReport.IsRegression));
        Count(xml, "errors", night.Unmeasured.Count);
        Count(xml, "skipped", cases.Count(found => Undecided.Contains(found.Entry!.Outcome)));
        foreach (var found in cases) Write(xml, night, found);
        foreach (var missing in night.Unmeasured) Case(xml, "not measured", "trial", () => Element(xml, "error", missing, null));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static void Write(XmlWriter xml, NightReport night, Comparison found) =>
        Case(xml, NightMarkdown.Cell(found.Entry!.Series).Replace('/', '.'), found.Metric, () =>
        {
            var alert = night.AlertOf(found);
            if (NightReport.IsRegression(found))
                Element(xml, "failure", alert is null ? found.Entry.Reason : NightText.Sentence(alert), alert?.Reproduce);
            else if (Undecided.Contains(found.Entry.Outcome))
                Element(xml, "skipped", $"{found.Entry.Outcome}: {found.Entry.Reason}", null);
        });

    static void Case(XmlWriter xml, string group, string name, Action content)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", group);
        xml.WriteAttributeString("name", name);
        content();
        xml.WriteEndElement();
    }

    static void Element(XmlWriter xml, string name, string message, string? text)
    {
        xml.WriteStartElement(name);
        xml.WriteAttributeString("message", Printable(message));
        if (text is not null) xml.WriteString(Printable(text));
        xml.WriteEndElement();
    }

    // XML 1.0 has no way to write control characters, and the end of a build log may hold some.
    static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    static void Count(XmlWriter xml, string name, int count) =>
        xml.WriteAttributeString(name, count.ToString(CultureInfo.InvariantCulture));
}
