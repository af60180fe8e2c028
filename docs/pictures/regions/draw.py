"""Draw the contact sheets of this folder anew: `python docs/pictures/regions/draw.py` in the project's root.

Run it when what regions are or show has changed, look at every sheet, and say in README.md what looks wrong.
"""

from pathlib import Path

from PIL import Image

from analysis.networks import load_network
from analysis.networks.network import Network
from analysis.networks.photos import read_photo
from analysis.regions import explain
from analysis.regions.contact_sheet import contact_sheet

HERE = Path(__file__).parent
PHOTOS = HERE.parents[2] / "labeling" / "demo" / "photos"
NETWORKS = {
    "efficientnet_lite0": ("panda", "scarlet_macaw", "hedgehog", "neuschwanstein_castle", "pont_du_gard"),
    "squeezenet1_1": ("koala", "jaguar", "great_stupa", "schwerin_palace", "duck"),
}
WIDTH, QUALITY = 1200, 72


def draw(network: Network, photo: str) -> None:
    seen = read_photo(PHOTOS / f"{photo}.jpg").image
    crop = network.preprocessing.crop_photo(seen)
    sheet = contact_sheet(crop, explain(network, seen), f"{network.name}, faithful")
    smaller = sheet.resize((WIDTH, round(sheet.height * WIDTH / sheet.width)), Image.Resampling.LANCZOS)
    smaller.save(HERE / f"{photo}-{network.name}.jpg", quality=QUALITY, optimize=True, progressive=True)


if __name__ == "__main__":
    for name, photos in NETWORKS.items():
        network = load_network(name)
        for photo in photos:
            draw(network, photo)
