using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Publishing.Feeds;

/// <summary>News as a JSON Feed 1.1 with relative links.</summary>
static class JsonFeed
{
    public static void Write(string title, string self, string page, IEnumerable<FeedEntry> entries, TextWriter writer) =>
        writer.Write(JsonSerializer.Serialize(new Feed("https://jsonfeed.org/version/1.1", title, page, self,
        [.. entries.Select(entry => new Item(entry.Id, entry.Page, entry.Title, entry.Summary, entry.Updated))]), CanonicalJson.Options));

    sealed record Feed(string Version, string Title, [property: JsonPropertyName("home_page_url")] string Home,
        [property: JsonPropertyName("feed_url")] string Self, IReadOnlyList<Item> Items);

    sealed record Item(string Id, string Url, string Title, [property: JsonPropertyName("content_text")] string Text,
        [property: JsonPropertyName("date_modified")] string Modified);
}
