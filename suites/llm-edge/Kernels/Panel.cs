using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Suites.LlmEdge.Kernels;

/// <summary>What a kernel reads of the activations.</summary>
enum Layout
{
    /// <summary>32-bit floats.</summary>
    Floats,
    /// <summary>Signed bytes in blocks of 32, each with a scale (max|x| / 127) and scale × sum of its codes.</summary>
    Bytes,
    /// <summary>
    /// As Bytes, two blocks after one another: the first halves of both, then the second halves; behind them eight 32-bit corrections
    /// (8 × sums of codes) and the two scales, four times each. What the nibbles of two Q4_0 blocks meet in one register.
    /// </summary>
    Pairs,
}

/// <summary>Activations of some tokens as kernels see them: rows of <see cref="Width"/> numbers.</summary>
[StructLayout(LayoutKind.Auto)]
unsafe readonly struct PanelView
{
    public const int Block = 32;
    public const int PairBytes = 64 + 32 + 32;

    public int Width { get; init; }
    public int Tokens { get; init; }
    public float* Values { get; init; }
    public sbyte* Codes { get; init; }
    public float* Scales { get; init; }
    public float* Sums { get; init; }
    public byte* Pairs { get; init; }

    public int Blocks => Width / Block;
    public int PairStride => Blocks / 2 * PairBytes;
}

/// <summary>Activations of up to <c>tokens</c> tokens; other forms are made from the floats when a kernel asks for them.</summary>
sealed unsafe class Panel : IDisposable
{
    readonly NativeBlock _values, _codes, _scales, _sums, _pairs;
    PanelView _view;
    bool _bytes, _paired;

    public Panel(int width, int tokens)
    {
        var blocks = (long)tokens * (width / PanelView.Block);
        _values = new((long)width * tokens * sizeof(float));
        _codes = new(blocks * PanelView.Block);
        _scales = new(blocks * sizeof(float));
        _sums = new(blocks * sizeof(float));
        _pairs = new(blocks / 2 * PanelView.PairBytes);
        _view = new()
        {
            Width = width, Tokens = tokens, Values = _values.Floats, Codes = (sbyte*)_codes.Pointer, Scales = _scales.Floats,
            Sums = _sums.Floats, Pairs = _pairs.Pointer,
        };
    }

    public int Width => _view.Width;
    public ref readonly PanelView View => ref _view;

    /// <summary>The floats of a token, to be written; other forms are made anew after <see cref="Changed"/>.</summary>
    public Span<float> Token(int token) => new(_view.Values + (long)token * _view.Width, _view.Width);

    public float* Pointer => _view.Values;

    /// <summary>Says that the floats of the first <paramref name="tokens"/> tokens are new.</summary>
    public void Changed(int tokens) => (_view, _bytes, _paired) = (_view with { Tokens = tokens }, false, false);

    public void Prepare(Layout layout)
    {
        if (layout == Layout.Floats || _bytes && (layout == Layout.Bytes || _paired)) return;
        if (!_bytes)
            for (long block = 0, blocks = (long)_view.Tokens * _view.Blocks; block < blocks; block++) Encode(block);
        _bytes = true;
        if (layout != Layout.Pairs) return;
        for (var token = 0; token < _view.Tokens; token++) Pair(token);
        _paired = true;
    }

    void Encode(long block)
    {
        var x = _view.Values + Row(block);
        var codes = _view.Codes + block * PanelView.Block;
        var largest = 0f;
        for (var i = 0; i < PanelView.Block; i += 8)
            largest = MathF.Max(largest, Largest(Vector256.Abs(Vector256.Load(x + i))));
        var scale = largest / 127;
        var inverse = Vector256.Create(scale > 1e-38f ? 1 / scale : 0); // the reciprocal of a smaller one is not finite
        var sum = Vector256<int>.Zero;
        Vector256<int> a = Round(x, inverse), b = Round(x + 8, inverse), c = Round(x + 16, inverse), d = Round(x + 24, inverse);
        sum = a + b + (c + d);
        Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).Store(codes);
        _view.Scales[block] = scale;
        _view.Sums[block] = scale * Vector256.Sum(sum);
    }

    // Widths that are no multiple of 32 have a rest that only kernels of floats read.
    long Row(long block) => block / _view.Blocks * _view.Width + block % _view.Blocks * PanelView.Block;

    static Vector256<int> Round(float* x, Vector256<float> inverse) =>
        Vector256.ConvertToInt32(Vector256.Round(Vector256.Load(x) * inverse));

    static float Largest(Vector256<float> v)
    {
        var half = Vector128.Max(v.GetLower(), v.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(half.ToScalar(), half.GetElement(1));
    }

    void Pair(int token)
    {
        for (var pair = 0; pair < _view.Blocks / 2; pair++)
        {
            var block = (long)token * _view.Blocks + 2 * pair;
            var codes = _view.Codes + block * PanelView.Block;
            var to = _view.Pairs + (long)token * _view.PairStride + pair * PanelView.PairBytes;
            Vector256<sbyte> low = Vector256.Create(Vector128.Load(codes), Vector128.Load(codes + 32)),
                high = Vector256.Create(Vector128.Load(codes + 16), Vector128.Load(codes + 48));
            low.Store((sbyte*)to);
            high.Store((sbyte*)to + 32);
            var eight = Vector256.Create((byte)8);
            Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(eight, low) + Avx2.MultiplyAddAdjacent(eight, high),
                Vector256.Create((short)1)).Store((int*)(to + 64));
            Vector256.Create(Vector128.Create(_view.Scales[block]), Vector128.Create(_view.Scales[block + 1])).Store((float*)(to + 96));
        }
    }

    public void Dispose()
    {
        _values.Dispose();
        _codes.Dispose();
        _scales.Dispose();
        _sums.Dispose();
        _pairs.Dispose();
    }
}
