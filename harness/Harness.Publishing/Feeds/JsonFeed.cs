using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Feeds;

/// <summary>The newest runs as a JSON Feed 1.1 with relative links.</summary>
static class JsonFeed
{
    public static void Write(Site site, TextWriter writer) => writer.Write(JsonSerializer.Serialize(new Feed("https://jsonfeed.org/version/1.1",
        "Harness: newest runs", "index.html", "feed.json",
        [.. FeedEntry.Newest(site).Select(entry => new Item(entry.Id, entry.Page, entry.Title, entry.Summary, entry.Updated))]), CanonicalJson.Options));

    sealed record Feed(string Version, string Title, [property: JsonPropertyName("home_page_url")] string Home,
        [property: JsonPropertyName("feed_url")] string Self, IReadOnlyList<Item> Items);

    sealed record Item(string Id, string Url, string Title, [property: JsonPropertyName("content_text")] string Text,
        [property: JsonPropertyName("date_modified")] string Modified);
}
