using System.Globalization;
using System.Net;
using Harness.Publishing.Boards;

namespace Harness.Publishing.Downloads;

/// <summary>A small picture of one result for a README: dataset on the left, primary metric and standing on the right.</summary>
static class Badge
{
    public static void Write(Board board, Row row, TextWriter writer)
    {
        var left = board.Dataset?.Title ?? board.Protocol;
        var (right, color) = Result(board, row);
        var (leftWidth, rightWidth) = (Width(left), Width(right));
        var title = WebUtility.HtmlEncode($"{row.Label} on {left}: {right}");
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{leftWidth + rightWidth}" height="20" role="img" aria-label="{title}">
            <title>{title}</title>
            <rect width="{leftWidth}" height="20" fill="#3f4650"/><rect x="{leftWidth}" width="{rightWidth}" height="20" fill="{color}"/>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
            <text x="{leftWidth / 2.0}" y="14">{WebUtility.HtmlEncode(left)}</text>
            <text x="{leftWidth + (rightWidth / 2.0)}" y="14">{WebUtility.HtmlEncode(right)}</text>
            </g></svg>

            """));
    }

    static (string Text, string Color) Result(Board board, Row row)
    {
        var index = board.IndexOf(column => column.Primary);
        if (index < 0 || !row.Cells[index].Any) return (Text.Words.Of(row.Runs[0].State), "#a3362e");
        var score = $"{board.Columns[index].Title} {board.Scales[index].WithUnit(row.Cells[index].Mean)}";
        return (score, row.Standing is Standing.Leads ? "#1d6b45" : "#2a5db0");
    }

    // Wide enough for Verdana at 11 px, whose mean advance is close to 6.6.
    static int Width(string text) => (int)Math.Ceiling(text.Length * 6.9) + 12;
}
