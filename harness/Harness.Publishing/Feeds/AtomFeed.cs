using System.Xml;
using Harness.Publishing.Text;

namespace Harness.Publishing.Feeds;

/// <summary>News as an Atom 1.0 feed (RFC 4287) with relative links.</summary>
static class AtomFeed
{
    const string Namespace = "http://www.w3.org/2005/Atom";

    public static void Write(string title, string self, string page, DateTimeOffset updated, IEnumerable<FeedEntry> entries,
        TextWriter writer)
    {
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", CheckCharacters = false, CloseOutput = false };
        using var xml = XmlWriter.Create(writer, settings);
        xml.WriteStartDocument();
        xml.WriteStartElement("feed", Namespace);
        xml.WriteElementString("id", Namespace, $"urn:harness:{self}");
        xml.WriteElementString("title", Namespace, title);
        xml.WriteElementString("updated", Namespace, Words.Instant(updated));
        xml.WriteStartElement("author", Namespace);
        xml.WriteElementString("name", Namespace, "Harness");
        xml.WriteEndElement();
        Link(xml, "self", self);
        Link(xml, "alternate", page);
        foreach (var entry in entries) Write(xml, entry);
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    static void Write(XmlWriter xml, FeedEntry entry)
    {
        xml.WriteStartElement("entry", Namespace);
        xml.WriteElementString("id", Namespace, entry.Id);
        xml.WriteElementString("title", Namespace, entry.Title);
        xml.WriteElementString("updated", Namespace, entry.Updated);
        Link(xml, "alternate", entry.Page);
        xml.WriteElementString("summary", Namespace, entry.Summary);
        xml.WriteEndElement();
    }

    static void Link(XmlWriter xml, string relation, string target)
    {
        xml.WriteStartElement("link", Namespace);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", target);
        xml.WriteEndElement();
    }
}
