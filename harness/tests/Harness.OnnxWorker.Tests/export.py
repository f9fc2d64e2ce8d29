"""A small convolutional network with fixed weights, exported to ONNX by PyTorch, and its answers to the first test images of MNIST.

    python3 export.py t10k-images-idx3-ubyte.gz FOLDER    writes network.onnx and answers.json
"""
import gzip
import json
import sys

import torch
from torch import nn

images, folder = sys.argv[1:]
torch.manual_seed(7)
torch.set_num_threads(1)
network = nn.Sequential(
    nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 8, 3, groups=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(288, 10)).eval()
with gzip.open(images) as file:
    pixels = torch.frombuffer(bytearray(file.read()[16:16 + 64 * 784]), dtype=torch.uint8).reshape(64, 1, 28, 28)
values = (pixels.float() / 255 - 0.1307) / 0.3081
torch.onnx.export(network, values[:1], folder + "/network.onnx", opset_version=13, input_names=["image"], output_names=["scores"],
                  dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}})
with torch.no_grad():
    confidence, label = network(values).softmax(1).max(1)
with open(folder + "/answers.json", "w") as file:
    json.dump({"labels": label.tolist(), "confidences": confidence.tolist()}, file)
