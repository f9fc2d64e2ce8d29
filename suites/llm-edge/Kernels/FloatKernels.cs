using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Suites.LlmEdge.Kernels;

/// <summary>Kernels of floats and halves. Four tokens at a time share what was loaded of a row.</summary>
static unsafe class FloatKernels
{
    interface IWeights
    {
        static abstract int Bytes { get; }
        static abstract Vector512<float> Sixteen(byte* weights);
        static abstract Vector256<float> Eight(byte* weights);
        static abstract Vector128<float> Four(byte* weights);
        static abstract float One(byte* weights);
    }

    readonly struct Single : IWeights
    {
        public static int Bytes => 4;
        public static Vector512<float> Sixteen(byte* weights) => Vector512.Load((float*)weights);
        public static Vector256<float> Eight(byte* weights) => Vector256.Load((float*)weights);
        public static Vector128<float> Four(byte* weights) => Vector128.Load((float*)weights);
        public static float One(byte* weights) => *(float*)weights;
    }

    // Exponent and fraction move to their places in a float; the product with 2^112 mends the bias and makes subnormals normal.
    readonly struct Half : IWeights
    {
        const float Bias = 5.192296858534828e33f;
        const uint NotFinite = 0x0F80_0000;

        public static int Bytes => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Sixteen(byte* weights)
        {
            var (low, high) = Vector256.Widen(Vector256.Load((ushort*)weights));
            var bits = Vector512.Create(low, high);
            var magnitude = (bits & Vector512.Create(0x7FFFu)) << 13;
            var value = magnitude.AsSingle() * Vector512.Create(Bias);
            var endless = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(NotFinite));
            value = Vector512.ConditionalSelect(endless.AsSingle(), (magnitude | Vector512.Create(0x7F80_0000u)).AsSingle(), value);
            return (value.AsUInt32() | (bits & Vector512.Create(0x8000u)) << 16).AsSingle();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Eight(byte* weights)
        {
            var (low, high) = Vector128.Widen(Vector128.Load((ushort*)weights));
            var bits = Vector256.Create(low, high);
            var magnitude = (bits & Vector256.Create(0x7FFFu)) << 13;
            var value = magnitude.AsSingle() * Vector256.Create(Bias);
            var endless = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(NotFinite));
            value = Vector256.ConditionalSelect(endless.AsSingle(), (magnitude | Vector256.Create(0x7F80_0000u)).AsSingle(), value);
            return (value.AsUInt32() | (bits & Vector256.Create(0x8000u)) << 16).AsSingle();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Four(byte* weights)
        {
            var bits = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)weights).AsUInt16());
            var magnitude = (bits & Vector128.Create(0x7FFFu)) << 13;
            var value = magnitude.AsSingle() * Vector128.Create(Bias);
            var endless = Vector128.GreaterThanOrEqual(magnitude, Vector128.Create(NotFinite));
            value = Vector128.ConditionalSelect(endless.AsSingle(), (magnitude | Vector128.Create(0x7F80_0000u)).AsSingle(), value);
            return (value.AsUInt32() | (bits & Vector128.Create(0x8000u)) << 16).AsSingle();
        }

        public static float One(byte* weights) => HalfTable.Values[*(ushort*)weights];
    }

    public static void Singles512(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Wide<Single>(weights, rows, x, y, stride);

    public static void Singles256(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Narrow<Single>(weights, rows, x, y, stride);

    public static void Halves512(byte* weights, int rows, in PanelView x, float* y, int stride) => Wide<Half>(weights, rows, x, y, stride);

    public static void Halves256(byte* weights, int rows, in PanelView x, float* y, int stride) => Narrow<Half>(weights, rows, x, y,
        stride);

    public static void Singles128(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Least<Single>(weights, rows, x, y, stride);

    public static void Halves128(byte* weights, int rows, in PanelView x, float* y, int stride) => Least<Half>(weights, rows, x, y, stride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Wide<T>(byte* weights, int rows, in PanelView x, float* y, int stride) where T : struct, IWeights
    {
        var (width, rest) = (x.Width, x.Width & ~15);
        var token = 0;
        for (; token + 4 <= x.Tokens; token += 4)
        {
            float* x0 = x.Values + (long)token * width, x1 = x0 + width, x2 = x1 + width, x3 = x2 + width;
            var w = weights;
            for (var row = 0; row < rows; row++, w += (long)width * T.Bytes)
            {
                Vector512<float> a = default, b = default, c = default, d = default;
                for (var i = 0; i < rest; i += 16)
                {
                    var v = T.Sixteen(w + (long)i * T.Bytes);
                    a = Vector512.FusedMultiplyAdd(v, Vector512.Load(x0 + i), a);
                    b = Vector512.FusedMultiplyAdd(v, Vector512.Load(x1 + i), b);
                    c = Vector512.FusedMultiplyAdd(v, Vector512.Load(x2 + i), c);
                    d = Vector512.FusedMultiplyAdd(v, Vector512.Load(x3 + i), d);
                }
                var (s0, s1, s2, s3) = (Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d));
                for (var i = rest; i < width; i++)
                {
                    var v = T.One(w + (long)i * T.Bytes);
                    (s0, s1, s2, s3) = (s0 + v * x0[i], s1 + v * x1[i], s2 + v * x2[i], s3 + v * x3[i]);
                }
                var to = y + (long)token * stride + row;
                (to[0], to[stride], to[2L * stride], to[3L * stride]) = (s0, s1, s2, s3);
            }
        }
        for (; token < x.Tokens; token++)
        {
            var x0 = x.Values + (long)token * width;
            var w = weights;
            for (var row = 0; row < rows; row++, w += (long)width * T.Bytes)
            {
                Vector512<float> a = default, b = default, c = default, d = default;
                var i = 0;
                for (; i + 64 <= width; i += 64)
                {
                    a = Vector512.FusedMultiplyAdd(T.Sixteen(w + (long)i * T.Bytes), Vector512.Load(x0 + i), a);
                    b = Vector512.FusedMultiplyAdd(T.Sixteen(w + (i + 16L) * T.Bytes), Vector512.Load(x0 + i + 16), b);
                    c = Vector512.FusedMultiplyAdd(T.Sixteen(w + (i + 32L) * T.Bytes), Vector512.Load(x0 + i + 32), c);
                    d = Vector512.FusedMultiplyAdd(T.Sixteen(w + (i + 48L) * T.Bytes), Vector512.Load(x0 + i + 48), d);
                }
                for (; i < rest; i += 16) a = Vector512.FusedMultiplyAdd(T.Sixteen(w + (long)i * T.Bytes), Vector512.Load(x0 + i), a);
                var sum = Vector512.Sum(a + b + (c + d));
                for (; i < width; i++) sum += T.One(w + (long)i * T.Bytes) * x0[i];
                y[(long)token * stride + row] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Narrow<T>(byte* weights, int rows, in PanelView x, float* y, int stride) where T : struct, IWeights
    {
        var width = x.Width;
        for (var row = 0; row < rows; row++, weights += (long)width * T.Bytes)
            for (var token = 0; token < x.Tokens; token++)
            {
                var x0 = x.Values + (long)token * width;
                Vector256<float> a = default, b = default;
                var i = 0;
                for (; i + 16 <= width; i += 16)
                {
                    a = Vector256.FusedMultiplyAdd(T.Eight(weights + (long)i * T.Bytes), Vector256.Load(x0 + i), a);
                    b = Vector256.FusedMultiplyAdd(T.Eight(weights + (i + 8L) * T.Bytes), Vector256.Load(x0 + i + 8), b);
                }
                var sum = Vector256.Sum(a + b);
                for (; i < width; i++) sum += T.One(weights + (long)i * T.Bytes) * x0[i];
                y[(long)token * stride + row] = sum;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Least<T>(byte* weights, int rows, in PanelView x, float* y, int stride) where T : struct, IWeights
    {
        var width = x.Width;
        for (var row = 0; row < rows; row++, weights += (long)width * T.Bytes)
            for (var token = 0; token < x.Tokens; token++)
            {
                var x0 = x.Values + (long)token * width;
                Vector128<float> a = default, b = default, c = default, d = default;
                var i = 0;
                for (; i + 16 <= width; i += 16)
                {
                    a = Vector128.FusedMultiplyAdd(T.Four(weights + (long)i * T.Bytes), Vector128.Load(x0 + i), a);
                    b = Vector128.FusedMultiplyAdd(T.Four(weights + (i + 4L) * T.Bytes), Vector128.Load(x0 + i + 4), b);
                    c = Vector128.FusedMultiplyAdd(T.Four(weights + (i + 8L) * T.Bytes), Vector128.Load(x0 + i + 8), c);
                    d = Vector128.FusedMultiplyAdd(T.Four(weights + (i + 12L) * T.Bytes), Vector128.Load(x0 + i + 12), d);
                }
                var sum = Vector128.Sum(a + b + (c + d));
                for (; i < width; i++) sum += T.One(weights + (long)i * T.Bytes) * x0[i];
                y[(long)token * stride + row] = sum;
            }
    }
}
