namespace Suites.LlmEdge.Tokens;

/// <summary>A text in pieces of which neighbours merge, the cheapest first and of equals the leftmost. Pieces are known by where they
/// begin.</summary>
sealed class Merging
{
    readonly string _text;
    readonly int[] _end, _before;   // of the piece that begins here; an end of 0 says that none does
    readonly PriorityQueue<(int Left, int Middle, int End), (float Cost, int Left)> _offers = new();

    /// <summary>Every letter is a piece; a surrogate pair is one letter.</summary>
    public Merging(string text)
    {
        (_text, _end, _before) = (text, new int[text.Length], new int[text.Length + 1]);
        for (int at = 0, before = -1; at < text.Length; before = at, at = _end[at])
        {
            _end[at] = at + (char.IsSurrogatePair(text, at) ? 2 : 1);
            _before[at] = before;
            _before[text.Length] = at;
        }
    }

    /// <summary>The piece after <paramref name="piece"/>, or the first for -1; -1 at the end.</summary>
    public int Next(int piece)
    {
        var next = piece < 0 ? 0 : _end[piece];
        return next < _text.Length ? next : -1;
    }

    public string Text(int piece) => _text[piece.._end[piece]];

    public (string Left, string Right)? NeighboursOrNull(int piece) => Next(piece) is >= 0 and var next ? (Text(piece), Text(next)) : null;

    public string? UnionOrNull(int piece) => Next(piece) is >= 0 and var next ? _text[piece.._end[next]] : null;

    public void Offer(int piece, float cost) => _offers.Enqueue((piece, _end[piece], _end[_end[piece]]), (cost, piece));

    /// <summary>The cheapest offer whose pieces are still what they were.</summary>
    public bool TryTake(out int piece, out float cost)
    {
        while (_offers.TryDequeue(out var offer, out var order))
        {
            (piece, cost) = (offer.Left, order.Cost);
            if (_end[offer.Left] == offer.Middle && _end[offer.Middle] == offer.End) return true;
        }
        (piece, cost) = (-1, 0);
        return false;
    }

    /// <summary>Joins a piece with the next one; returns the piece before it, or -1.</summary>
    public int Merge(int piece)
    {
        var next = _end[piece];
        _end[piece] = _end[next];
        _end[next] = 0;
        _before[_end[piece]] = piece;
        return _before[piece];
    }
}
